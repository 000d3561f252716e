"""What worker processes do to a page: clean it, tag it, find companies, sketch it.

`read_page` and `read_text` are pure but for what they load: the tagger and the companies of a
`Recipe`, once a process. Bytes in, plain values out; they write nothing and know no database.
"""

from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.adapters.files import configured, packaged, read_configured
from pipeline.adapters.tagger import ActiveModel, ArticleTagger, Sources
from pipeline.models.articles import PageTask
from pipeline.models.readings import Reading, ReadPage, TextTask

if TYPE_CHECKING:
    from pipeline.steps.companies import Companies


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a reader is made of, small enough to travel with every batch.

    `config` is the folder whose files stand in for the packaged ones, `models` where the
    tagger lies. `model_id` and `companies` are hashes: when one changes, workers load anew.
    """

    config: Path
    models: Path
    active: ActiveModel | None
    model_id: str
    companies: str


@dataclass(frozen=True, slots=True)
class Readers:
    """The two functions of one recipe, as the jobs take them."""

    page: "partial[ReadPage]"
    text: "partial[Reading]"


def readers(recipe: Recipe) -> Readers:
    """Return the functions that read pages and texts by a recipe; they pickle."""
    return Readers(partial(read_page, recipe=recipe), partial(read_text, recipe=recipe))


def read_page(task: PageTask, *, recipe: Recipe) -> ReadPage:
    """Return the article of a page with what it says; a stub is not read any further.

    Raises:
        ExtractError: the page is past the guards' limits.
    """
    from pipeline.steps.extraction import boilerplate, extract

    article = extract(task)
    if article.stub or not article.text:
        return ReadPage(article)
    own = boilerplate.without_repeated(article.text, dict(task.site_lines))
    texts = [(article.title, own), *((part.title, part.text) for part in article.parts)]
    # as they will be stored: the feed's title where the page has none
    found = [TextTask(task.article_id, title or task.feed_title, text) for title, text in texts]
    return ReadPage(article, tuple(read_text(text, recipe=recipe) for text in found))


def read_text(task: TextTask, *, recipe: Recipe) -> Reading:
    """Return what a title and a text say."""
    from pipeline.steps.companies import mentions
    from pipeline.steps.pages import content_hash
    from pipeline.steps.sketch import sketch

    tagger, companies = opened(recipe)
    return Reading(
        model_id=tagger.model_id,
        content_hash=content_hash(task.text),
        tags=tuple(tagger.tag([(task.article_id, task.title, task.text)])),
        mentions=mentions(task.title, task.text, companies),
        sketch=sketch(task.text),
    )


# Two: while batches of the last recipe run out, those of the next begin.
@lru_cache(maxsize=2)
def opened(recipe: Recipe) -> "tuple[ArticleTagger, Companies]":
    """Return the tagger and the companies of a recipe, loaded by the first call."""
    from pipeline.steps import companies

    name, data = read_configured(recipe.config, "companies.toml")
    return tagger_of(recipe.config, recipe.models, recipe.active), companies.load(data, name=name)


def tagger_of(config: Path, models: Path, active: ActiveModel | None) -> ArticleTagger:
    """Return the tagger of a configuration folder and its model folder; loads nothing yet."""
    vocabulary = packaged("config") / "vocabulary.toml"
    sources = Sources(configured(config, "topics"), vocabulary, packaged("seeds"))
    return ArticleTagger(sources, models=models, active=active)
