"""Fetch the pages that are due, and store the articles on them with what they say."""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import islice

from pipeline.adapters.store import Store, readings, site_lines
from pipeline.adapters.store import articles as table
from pipeline.jobs.kit import Kit
from pipeline.models.articles import Extracted, PageTask
from pipeline.models.pages import Request, Response
from pipeline.models.readings import Reading, ReadPage
from pipeline.ports import WorkerFailure
from pipeline.steps import pages
from pipeline.steps.extraction import boilerplate
from pipeline.steps.urls import canonical, host, key

logger = logging.getLogger(__name__)

BATCH = 200  # articles taken from the queue at once
COMMIT = 20  # articles stored per transaction: 8 to 100 rows cost the same a row (HAZARDS)


@dataclass(frozen=True, slots=True)
class PagesReport:
    """What one run of the job did, in articles; `tagged` were read, some of them `on_topic`."""

    fetched: int = 0
    stored: int = 0
    stubs: int = 0
    failed: int = 0
    tagged: int = 0
    on_topic: int = 0


@dataclass(frozen=True, slots=True)
class Came:
    """What became of one due page: an article, or a reason there is none."""

    due: table.DuePage
    page: ReadPage | None
    problem: pages.Setback | None = None


Read = Callable[[PageTask], ReadPage]


def run(kit: Kit, reader: Callable[[], Read]) -> PagesReport:
    """Fetch, read and store every due page, in batches, until none is due.

    Fetching, the workers and the writer overlap. `reader` is asked for the function that the
    workers run only if a page is due: making it loads the model.
    """
    report = PagesReport()
    tried: set[int] = set()
    while not kit.stop():
        due = [
            page
            for page in table.due_pages(kit.store, kit.clock.now(), limit=BATCH + len(tried))
            if page.article_id not in tried
        ][:BATCH]
        if not due:
            break
        if not tried:
            kit.progress("pages", 0, due=table.count_due(kit.store, kit.clock.now()))
        tried |= {page.article_id for page in due}
        outcomes = visit(due, kit, reader())
        while chunk := list(islice(outcomes, COMMIT)):
            report = add(report, save(kit.store, chunk, now=kit.clock.now()))
            kit.progress("pages", len(chunk))
            if kit.stop():
                break
    return report


def visit(due: list[table.DuePage], kit: Kit, read: Read) -> Iterator[Came]:
    """Yield what became of each page, as it comes: fetching and reading overlap."""
    by_id = {page.article_id: page for page in due}
    settled: list[Came] = []
    feed_only: dict[int, pages.Setback] = {}  # no page came: the feed's own text has to do
    # closed, not left to the collector: an interrupt must find no thread that waits to be heard
    with closing(to_tasks(due, kit, settled=settled, feed_only=feed_only)) as tasks:
        for task, answer in kit.workers.run_all(read, tasks):
            page = by_id[task.article_id]
            if isinstance(answer, WorkerFailure):
                # It killed its worker or ran out of time, and would again; unless the machine was
                # to blame: then it is fetched again as one that was down, at most so often.
                why = f"{answer.reason}: {answer.detail}"
                yield Came(page, None, pages.Setback(why, final=not answer.outside))
            elif page.article_id in feed_only and not answer.article.text:
                yield Came(page, None, feed_only[page.article_id])
            else:
                yield Came(page, answer)
            while settled:
                yield settled.pop()
    yield from settled


def to_tasks(
    due: Iterable[table.DuePage],
    kit: Kit,
    *,
    settled: list[Came],
    feed_only: dict[int, pages.Setback],
) -> Generator[PageTask, None, None]:
    """Yield a task for every page there is something to extract of; the rest is settled."""
    by_url: dict[str, list[table.DuePage]] = {}
    task = tasks_of(kit)
    for page in due:
        if page.feed_text == "feed" and page.body:
            yield task(page, Response(page.url, 200))
        else:
            by_url.setdefault(page.url, []).append(page)
    with closing(kit.fetcher.fetch_all([Request(url) for url in by_url])) as arriving:
        for request, fetched in arriving:
            problem = pages.setback(fetched)
            for page in by_url[request.url]:
                if problem is None and isinstance(fetched, Response):
                    yield task(page, fetched)
                elif problem is not None and page.body and is_last(page, problem, kit):
                    feed_only[page.article_id] = problem
                    yield task(page, Response(page.url, 200))
                else:
                    settled.append(Came(page, None, problem))


def tasks_of(kit: Kit) -> Callable[[table.DuePage, Response], PageTask]:
    """Return what makes a task of a page; a site's lines are asked for once."""

    @cache
    def lines(site: str) -> tuple[tuple[int, int], ...]:
        return site_lines.repeated(kit.store, site, least=boilerplate.REPEATED)

    return lambda page, came: to_task(page, came, now=kit.clock.now(), lines=lines(host(page.url)))


def is_last(page: table.DuePage, problem: pages.Setback, kit: Kit) -> bool:
    return pages.next_attempt(page.attempts + 1, problem, now=kit.clock.now()) is None


def to_task(
    page: table.DuePage, fetched: Response, *, now: datetime, lines: tuple[tuple[int, int], ...]
) -> PageTask:
    return PageTask(
        article_id=page.article_id,
        url=fetched.url,
        html=fetched.body,
        content_type=fetched.headers.get("content-type", ""),
        feed_title=page.title,
        feed_body=page.body,
        feed_author=page.author,
        feed_published_at=page.published_at,
        fetched_at=now,
        site_lines=lines,
    )


def save(store: Store, outcomes: Iterable[Came], *, now: datetime) -> PagesReport:
    """Store a batch in one transaction; everything in it was computed before."""
    report = PagesReport()
    with store.transaction():
        for came in outcomes:
            report = add(report, save_one(store, came, now=now))
    return report


def save_one(store: Store, came: Came, *, now: datetime) -> PagesReport:
    page = came.due
    if came.page is None:
        problem = came.problem or pages.Setback("no answer", final=False)
        return save_problem(store, page, problem, now=now)
    article = came.page.article
    if article.stub or not article.text:
        return save_problem(
            store, page, pages.Setback(article.stub or "empty", final=True), now=now
        )
    read = save_articles(store, page, came.page, now=now)
    readings.save(store, read, now=now)
    return PagesReport(
        fetched=1,
        stored=1 + len(article.parts),
        tagged=len(read),
        on_topic=sum(reading.on_topic for _, reading in read),
    )


def save_articles(
    store: Store, page: table.DuePage, came: ReadPage, *, now: datetime
) -> list[tuple[int, Reading]]:
    """Store a page's article and its parts; return which are new to the store as read.

    An article that lost a line its site repeats since it was read is due for reading again.
    """
    reading = came.readings[0]
    article = replace(came.article, text=own_text(store, page, came.article.text))
    address = key(article.canonical_url or page.url)
    found = []
    row = cleaned(page, article, reading)
    if table.save_cleaned(store, row, key=address, now=now) and row.tagged_by:
        found.append((page.article_id, reading))
    parts = zip(article.parts, came.readings[1:], strict=True)
    for number, (part, said) in enumerate(parts, start=2):
        url = f"{canonical(page.url)}#article-{number}"
        part_id = table.save_part(store, cleaned(page, part, said), url=url, now=now)
        if part_id is not None:
            found.append((part_id, said))
    return found


def own_text(store: Store, page: table.DuePage, text: str) -> str:
    """Return the text without what its site repeats; a page fetched again teaches nothing."""
    site, lesson = host(page.url), boilerplate.study(text)
    known = site_lines.pages(store, site, lesson.hashes)
    first = not store.value("SELECT text <> '' FROM articles WHERE id = ?", (page.article_id,))
    if first and boilerplate.teaches(lesson, known):
        site_lines.count(store, site, lesson.hashes)
        known = {line: known.get(line, 0) + 1 for line in lesson.hashes}
    return boilerplate.without_repeated(text, known)


def save_problem(
    store: Store, page: table.DuePage, problem: pages.Setback, *, now: datetime
) -> PagesReport:
    attempts = page.attempts + 1
    again = pages.next_attempt(attempts, problem, now=now)
    logger.warning(
        "page_failed article=%d url=%s reason=%r again=%s",
        page.article_id, page.url, problem.reason, again,
    )  # fmt: skip
    if again is not None:
        table.save_retry(
            store, page.article_id, attempts=attempts, reason=problem.reason, next_fetch_at=again
        )
        return PagesReport(fetched=1, failed=1)
    stub = problem.reason in STUBS
    table.give_up(
        store, page.article_id, status="stub" if stub else "failed", reason=problem.reason
    )
    return PagesReport(fetched=1, stubs=int(stub), failed=int(not stub))


# what `Extracted.stub` may say
STUBS = frozenset({"paywall", "cookie_wall", "challenge", "soft_404", "gallery", "empty"})


def cleaned(page: table.DuePage, article: Extracted, reading: Reading) -> table.Cleaned:
    content_hash = pages.content_hash(article.text)
    return table.Cleaned(
        article_id=page.article_id,
        title=article.title or page.title,
        author=article.author or page.author,
        site=article.site,
        language=article.language,
        published_at=article.published_at or page.published_at,
        date_source=article.date_source,
        text=article.text,
        text_source=article.text_source,
        status="ok",
        content_hash=content_hash,
        tagged_by=reading.model_id if reading.content_hash == content_hash else None,
    )


def add(one: PagesReport, other: PagesReport) -> PagesReport:
    return replace(
        one,
        fetched=one.fetched + other.fetched,
        stored=one.stored + other.stored,
        stubs=one.stubs + other.stubs,
        failed=one.failed + other.failed,
        tagged=one.tagged + other.tagged,
        on_topic=one.on_topic + other.on_topic,
    )
