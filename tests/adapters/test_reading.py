"""Reading: what workers make of a page, from the files of a recipe, the same in any process."""

import pickle
from pathlib import Path

import pytest

from pipeline.adapters.reading import Readers, Recipe, readers, tagger_of
from pipeline.adapters.workers import PebbleWorkers
from pipeline.models.articles import PageTask
from pipeline.models.policies import WorkPolicy
from pipeline.models.readings import ReadPage, TextTask
from pipeline.ports import WorkerFailure
from pipeline.steps.extraction import extract
from pipeline.steps.sketch import sketch

STORY = (
    "<p>SK Hynix said on Monday that its HBM4 lines are sold out until the end of next year, and"
    " that Nvidia had asked for more high-bandwidth memory than it can stack.</p>"
    "<p>The company will add thermal compression bonders at its M15X fab in Cheongju, three months"
    " ahead of plan, an executive told reporters, who were not shown the clean room.</p>"
)


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    home = tmp_path_factory.mktemp("home")
    tagger = tagger_of(home, home / "models", None)
    return Recipe(home, home / "models", None, tagger.model_id, companies="hash")


@pytest.fixture(scope="module")
def found(recipe: Recipe) -> Readers:
    return readers(recipe)


def page(body: str, *, title: str = "HBM4 sold out") -> PageTask:
    html = f"<html><head><title>{title}</title></head><body><article>{body}</article></body></html>"
    return PageTask(7, "https://a.test/1", html.encode(), "text/html", feed_title="From the feed")


def test_a_page_is_cleaned_tagged_and_sketched_at_once(recipe: Recipe, found: Readers) -> None:
    task = page(STORY)
    read = found.page(task)
    assert read.article == extract(task)
    (reading,) = read.readings
    assert reading.model_id == recipe.model_id
    assert "hbm" in {tag.topic for tag in reading.tags if tag.tagged}
    assert reading.on_topic
    assert reading.mentions["SK hynix"] == 1
    assert reading.sketch == sketch(read.article.text)


def test_it_says_of_a_page_what_it_says_of_the_text_alone(found: Readers) -> None:
    read = found.page(page(STORY))
    text = TextTask(7, read.article.title, read.article.text)
    assert found.text(text) == read.readings[0]


def test_what_is_no_article_is_not_read(found: Readers) -> None:
    read = found.page(page("<p>Subscribe to continue reading this article.</p>"))
    assert read.article.stub
    assert read.readings == ()


def test_workers_answer_as_this_process_does(found: Readers) -> None:
    tasks = [page(STORY, title=f"HBM4 sold out until {year}") for year in range(2026, 2032)]
    policy = WorkPolicy(processes=2, timeout_s=20)
    with PebbleWorkers(policy, preload=("pipeline.adapters.warm",)) as workers:
        answers: list[tuple[PageTask, ReadPage | WorkerFailure]] = list(
            workers.run_all(found.page, tasks)
        )
    assert {task.html: answer for task, answer in answers} == {
        task.html: found.page(task) for task in tasks
    }


def test_the_recipe_is_small_enough_to_travel_with_every_batch(found: Readers) -> None:
    assert len(pickle.dumps(found.page)) < 2_000


def test_a_home_s_own_companies_are_looked_for(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "companies.toml").write_text('[[company]]\nname = "Cheongju Works"\n')
    own = Recipe(tmp_path, recipe.models, None, recipe.model_id, companies="other hash")
    task = TextTask(1, "", "Cheongju Works and SK Hynix will build.")
    assert dict(readers(own).text(task).mentions) == {"Cheongju Works": 1}
