"""A story told before: what an edit or a further article brings, and what is no news."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.adapters.store import Store
from pipeline.jobs import digest as job
from pipeline.models.digests import Digest, DigestStory
from pipeline.models.policies import DigestPolicy
from pipeline.steps.digest.render_terminal import render_terminal
from tests.newsdesk import NOW, TOPICS, Newsdesk

DAILY = DigestPolicy(channels=())
NEWSROOM = job.Newsroom(topics=TOPICS)
DAY = timedelta(days=1)
KNOWN = (
    "SMIC began risk production of 5 nm chips at its Shanghai plant, two people said.\n"
    "Yields at the plant stand at 35 percent, according to a supplier of SMIC."
)
BROUGHT = "Washington will answer with new export rules next week, an official told reporters."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Newsdesk]:
    with Store(tmp_path / "chipwire.db") as store:
        yield Newsdesk(store)


def compose(desk: Newsdesk, day: int) -> Digest | None:
    report = job.run(desk.store, [DAILY], {}, now=NOW + day * DAY, newsroom=NEWSROOM)
    return report.composed[0] if report.composed else None


def only_story(digest: Digest | None) -> DigestStory:
    assert digest is not None
    (story,) = [story for section in digest.sections for story in section.stories]
    return story


@pytest.mark.parametrize(
    ("text", "news"),
    [
        pytest.param(f"{KNOWN}\n{BROUGHT}", BROUGHT, id="a paragraph that was added is the news"),
        pytest.param(
            KNOWN.replace("35 percent", "45 percent"),
            "Yields at the plant stand at 45 percent, according to a supplier of SMIC."
            " (before the edit: 35)",
            id="a corrected figure is told with the one it replaces",
        ),
        pytest.param(KNOWN.replace("began", "has begun"), None, id="a better word is no news"),
        pytest.param(KNOWN.splitlines()[0], None, id="a paragraph taken away is no news"),
        pytest.param("\n".join(reversed(KNOWN.splitlines())), None, id="another order is no news"),
    ],
)
@pytest.mark.parametrize("story", [1, None], ids=["in a story", "in no story"])
def test_an_edit_of_a_told_article(
    desk: Newsdesk, text: str, news: str | None, story: int | None
) -> None:
    article = desk.article("SMIC starts risk production", text=KNOWN, story=story)
    assert only_story(compose(desk, 0)).kind == "new"
    desk.edit(article, text, when=NOW + DAY / 2)
    digest = compose(desk, 1)
    if news is None:
        assert digest is None
        return
    found = only_story(digest)
    assert (found.kind, found.news, found.told_at) == ("updated", news, NOW)
    assert digest is not None
    assert "UPDATED" in render_terminal(digest, 80)
    assert compose(desk, 2) is None  # told once


def test_an_edit_and_a_further_article_are_one_update_that_tells_the_article(
    desk: Newsdesk,
) -> None:
    edited = desk.article("SMIC starts risk production", text=KNOWN, story=1)
    compose(desk, 0)
    desk.edit(edited, f"{KNOWN}\nA spokesman declined to comment.", when=NOW + DAY / 2)
    desk.article("Rules to come", text=f"{KNOWN}\n{BROUGHT}", story=1, when=NOW + DAY / 2)
    found = only_story(compose(desk, 1))
    assert (found.kind, found.news) == ("updated", BROUGHT)
    assert compose(desk, 2) is None


def test_an_edit_before_the_digest_is_part_of_what_is_told(desk: Newsdesk) -> None:
    article = desk.article("SMIC starts risk production", text=KNOWN)
    desk.edit(article, f"{KNOWN}\n{BROUGHT}", when=NOW - timedelta(minutes=30))
    assert only_story(compose(desk, 0)).kind == "new"
    assert compose(desk, 1) is None
