"""A page's bytes to its article: decode, parse once, read the claims, find the text."""

from dataclasses import replace

from lxml.html import HtmlElement

from pipeline.models.articles import Extracted, PageTask
from pipeline.steps.extraction import authors, body, metadata, parts, structured, stubs
from pipeline.steps.extraction.blocks import lines_of
from pipeline.steps.extraction.language import identify
from pipeline.steps.extraction.normalising import normalise_line
from pipeline.steps.extraction.parsing import parse, parse_text
from pipeline.steps.extraction.recovering import recover
from pipeline.steps.extraction.slimming import silence, slim
from pipeline.steps.extraction.structured import Claims
from pipeline.steps.extraction.trimming import trim

# The feed's text replaces the page's when it is longer by so much: a page that hides the
# rest, or shows it only to a browser. Below, the page is the more complete of the two.
_FEED_LONGER = 1.2
_LONGEST_TITLE = 200


def read(task: PageTask) -> Extracted:
    """Return the article of a page; see `pipeline.steps.extraction.extract`."""
    tree = parse(task.html, task.content_type)
    announced = _announced(task)
    if tree is None:
        return announced or Extracted(title=normalise_line(task.feed_title), stub="empty")
    article = _article(tree, task)
    if announced is None or not _is_better(announced, article):
        return article
    return replace(
        article,
        title=article.title if not article.stub else announced.title,
        text=announced.text,
        language=announced.language,
        text_source="feed",
        stub="",
    )


def _article(tree: HtmlElement, task: PageTask) -> Extracted:
    claims = structured.collect(tree)
    found = metadata.choose(claims, tree, task)
    silence(tree)
    cards = parts.split(tree) if parts.may_be_glued(tree) else ()
    slimmed = slim(tree)
    text = body.main_text(tree, slimmed, task.url, declared=claims.language)
    lines = recover(text.splitlines(), slimmed)
    if cards:
        lines = parts.without_chrome(lines)
    title = found.title or _first_line(lines)
    author = found.author or authors.signed(lines)
    lines = trim(lines, slimmed, claims, title=title, author=author)
    text = "\n".join(lines)
    stub = _stub(text, tree, claims, task.url)
    published_at, date_source = found.date
    return Extracted(
        title=title,
        text="" if stub else text,
        author=author,
        site=found.site,
        language=identify(f"{title}\n{text}", claims.language),
        published_at=published_at,
        date_source=date_source,
        canonical_url=found.canonical_url,
        stub=stub,
        parts=tuple(_part(card) for card in cards),
    )


def _first_line(lines: list[str]) -> str:
    """Return the headline of a page that names none: its first line, if it can be one."""
    first = lines[0] if lines else ""
    return first if len(first) <= _LONGEST_TITLE and not first.endswith(".") else ""


def _stub(text: str, tree: HtmlElement, claims: Claims, url: str) -> str:
    shown = "\n".join(line for line, _ in lines_of(tree)) if len(text) < stubs.TEASER else ""
    return stubs.recognise(text, tree, claims, url=url, shown=shown)


def _part(card: parts.Card) -> Extracted:
    text = "\n".join(card.lines)
    return Extracted(
        title=card.title,
        text=text,
        site=card.outlet,
        language=identify(f"{card.title}\n{text}"),
    )


def _announced(task: PageTask) -> Extracted | None:
    """Return the article as the feed itself carries it, or None if it carries no text."""
    if not task.feed_body.strip():
        return None
    # trafilatura finds nothing in a bare paragraph.
    tree = parse_text(f"<html><body><article>{task.feed_body}</article></body></html>")
    if tree is None:
        return None
    silence(tree)
    claims = Claims()
    title = normalise_line(task.feed_title)
    slimmed = slim(tree)
    lines = body.main_text(tree, slimmed, task.url).splitlines()
    text = "\n".join(trim(lines, slimmed, claims, title=title, author=task.feed_author))
    if stubs.recognise(text, tree, claims, url=task.url, shown=text):
        return None
    return Extracted(
        title=title,
        text=text,
        author=normalise_line(task.feed_author),
        language=identify(f"{title}\n{text}"),
        published_at=task.feed_published_at,
        date_source="feed" if task.feed_published_at else "first_seen",
        text_source="feed",
    )


def _is_better(announced: Extracted, article: Extracted) -> bool:
    """Tell whether the feed's text is the whole article and the page's is not."""
    if article.stub:
        return True
    cut = announced.text.rstrip().endswith(("…", "...", "[…]", "[...]"))
    return not cut and len(announced.text) > _FEED_LONGER * len(article.text)
