"""A page's bytes to its article: decode, parse once, read the claims, find the text."""

from lxml.html import HtmlElement

from pipeline.models.articles import Extracted, PageTask
from pipeline.steps.extraction import body, metadata, structured
from pipeline.steps.extraction.language import identify
from pipeline.steps.extraction.parsing import parse
from pipeline.steps.extraction.trimming import trim


def read(task: PageTask) -> Extracted:
    """Return the article of a page; see `pipeline.steps.extraction.extract`."""
    tree = parse(task.html, task.content_type)
    if tree is None:
        return Extracted(title=task.feed_title, stub="empty")
    return _article(tree, task)


def _article(tree: HtmlElement, task: PageTask) -> Extracted:
    claims = structured.collect(tree)
    found = metadata.choose(claims, tree, task)
    lines = body.main_text(tree, task.url).splitlines()
    lines = trim(lines, tree, claims, title=found.title, author=found.author)
    text = "\n".join(lines)
    published_at, date_source = found.date
    return Extracted(
        title=found.title,
        text=text,
        author=found.author,
        site=found.site,
        language=identify(f"{found.title}\n{text}", claims.language),
        published_at=published_at,
        date_source=date_source,
        canonical_url=found.canonical_url,
        stub="" if text else "empty",
    )
