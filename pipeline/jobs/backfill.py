"""Store what archives hold: read on from where the last run stopped, each record once."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.adapters.store import articles as article_table
from pipeline.adapters.store import backfill as table
from pipeline.adapters.store import readings
from pipeline.jobs.kit import Kit
from pipeline.jobs.pages import Read
from pipeline.models.archives import Captured, Walked, Wanted
from pipeline.models.articles import Extracted, PageTask
from pipeline.models.readings import Reading, ReadPage
from pipeline.ports import Archive, WorkerFailure
from pipeline.steps import pages
from pipeline.steps.archives import filters
from pipeline.steps.urls import canonical, key

logger = logging.getLogger(__name__)

COMMIT = 50  # articles stored per transaction
MOST_WAITING = 1_000  # records passed over that may wait for the next commit

Report = Callable[[Walked], None]


def tell_nobody(_walked: Walked) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How archived pages become articles: what reads them, and which are wanted."""

    read: Read
    wanted: Wanted
    again: bool = False


@dataclass(frozen=True, slots=True)
class BackfillReport:
    """What one run did in one archive: records by outcome, and whether its end was reached."""

    source: str
    records: int
    counts: dict[str, int] = field(default_factory=dict)
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """What became of one record: an article to be stored, or the reason there is none."""

    record: Captured
    page: ReadPage | None = None
    reason: str = ""
    detail: str = ""


def run(
    kit: Kit, archive: Archive, asked: Asked, *, report: Report = tell_nobody
) -> BackfillReport:
    """Store the wanted articles of an archive that are not stored yet.

    Records are committed in their order, with the position behind them, in one transaction:
    after a kill the next run goes on with the first record that was not committed.
    """
    begun = table.begin(
        kit.store, source=archive.name, identity=archive.identity, again=asked.again,
        filters=repr(asked.wanted), now=kit.clock.now(),
    )  # fmt: skip
    walk = Walk(kit, archive, asked, begun, report)
    for task, answer in kit.workers.run_all(asked.read, walk.tasks()):
        walk.answered(task, answer)
    walk.commit()
    finished = not kit.stop()
    if finished:
        table.finish(kit.store, begun.id, now=kit.clock.now())
    return BackfillReport(archive.name, sum(walk.counts.values()), dict(walk.counts), finished)


class Walk:
    """One archive being read: what is on its way, and what came and waits for its turn."""

    def __init__(
        self, kit: Kit, archive: Archive, asked: Asked, begun: table.Backfill, report: Report
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._kit, self._archive, self._asked, self._report = kit, archive, asked, report
        self._backfill = begun
        self._position = begun.position
        self._settled = table.settled(kit.store, begun.id) if archive.keyed else set()
        self._sent: dict[int, Captured] = {}
        self._came: dict[int, Came] = {}
        self._next = 0
        self._ready: list[Came] = []

    def tasks(self) -> Iterator[PageTask]:
        """Yield the pages that are worth reading, in order; settle the other records."""
        for number, record in enumerate(self._records()):
            reason = self._unread(record)
            if reason:
                detail = record.reason if record.faulty else ""
                self._arrive(number, Came(without_body(record), reason=reason, detail=detail))
                continue
            self._sent[number] = without_body(record)
            yield to_task(number, record)

    def _records(self) -> Iterator[Captured]:
        for record in self._archive.records(self._backfill.position, self._settled):
            if self._kit.stop():
                return
            yield record

    def _unread(self, record: Captured) -> str:
        """Return why a record need not be read, else ""."""
        if record.reason:
            return "broken" if record.faulty else "no page"
        reason = filters.before_reading(record, self._asked.wanted)
        if reason or not record.url:
            return reason
        found = table.known(self._kit.store, canonical(record.url), [key(record.url)])
        return "known" if found and found["has_text"] else ""

    def answered(self, task: PageTask, answer: ReadPage | WorkerFailure) -> None:
        """Take a worker's answer; commits what is complete up to here."""
        record = self._sent.pop(task.article_id)
        self._arrive(task.article_id, judge(record, answer, self._asked.wanted))

    def _arrive(self, number: int, came: Came) -> None:
        self._came[number] = came
        while self._next in self._came:
            self._ready.append(self._came.pop(self._next))
            self._next += 1
        articles = sum(came.page is not None for came in self._ready)
        if articles >= COMMIT or len(self._ready) >= MOST_WAITING:
            self.commit()

    def commit(self) -> None:
        """Store what is ready, in one transaction with the position behind it."""
        if not self._ready:
            return
        ready, self._ready = self._ready, []
        now = self._kit.clock.now()
        outcomes: Counter[str] = Counter()
        with self._kit.store.transaction():
            for came in ready:
                outcomes[self._settle(came, now)] += 1
            self._position = ready[-1].record.position
            self._backfill = table.counted(self._backfill, outcomes)
            table.advance(
                self._kit.store, self._backfill, position=self._position,
                size=self._archive.size, now=now,
            )  # fmt: skip
        self.counts.update(outcomes)
        self._kit.progress("records", len(ready))
        self._report(
            Walked(
                self._archive.name, self._archive.unit, self._position, self._archive.size,
                sum(self.counts.values()), self.counts["stored"],
            )
        )  # fmt: skip

    def _settle(self, came: Came, now: datetime) -> str:
        outcome = came.reason
        if came.page is not None:
            wanted = self._asked.wanted.topics
            if wanted and not is_on(came.page, wanted):
                outcome = "topic"
            else:
                outcome = store_page(self._kit, came.record, came.page, now)
        record = came.record
        if came.detail:
            logger.warning("record_skipped archive=%s record=%s outcome=%s reason=%r",
                           self._archive.name, record.key, outcome, came.detail)  # fmt: skip
        if record.settled and (self._archive.keyed or came.detail):
            told = f"{outcome}: {came.detail}" if came.detail else outcome
            table.settle(self._kit.store, self._backfill.id, record.key, told)
        return outcome


def without_body(record: Captured) -> Captured:
    return replace(record, body=b"", feed_body="")


def to_task(number: int, record: Captured) -> PageTask:
    return PageTask(
        article_id=number,
        url=record.url,
        html=record.body,
        content_type=record.content_type,
        feed_title=record.feed_title,
        feed_body=record.feed_body,
        feed_author=record.feed_author,
        feed_published_at=record.feed_published_at,
    )


def judge(record: Captured, answer: ReadPage | WorkerFailure, wanted: Wanted) -> Came:
    """Return what a worker's answer makes of a record."""
    if isinstance(answer, WorkerFailure):
        return Came(record, reason="broken", detail=f"{answer.reason}: {answer.detail}")
    article = answer.article
    if article.stub or not article.text:
        return Came(record, reason="no article")
    if not (record.url or article.canonical_url):
        return Came(record, reason="no address", detail="the page tells no address of its own")
    reason = filters.after_reading(article, record, wanted)
    return Came(record, reason=reason) if reason else Came(record, answer)


def is_on(page: ReadPage, topics: Collection[str]) -> bool:
    """Tell whether any article of a page is tagged with one of the topics."""
    tags = (tag for reading in page.readings for tag in reading.tags)
    return any(tag.tagged and tag.topic in topics for tag in tags)


def store_page(kit: Kit, record: Captured, page: ReadPage, now: datetime) -> str:
    """Store a page's articles as read; return "stored", or "known" where it was there already."""
    article, reading = page.article, page.readings[0]
    url = canonical(record.url or article.canonical_url)
    names = {key(url), key(article.canonical_url or url)}
    found = table.known(kit.store, url, names)
    if found and found["has_text"]:
        return "known"
    seen_at = min(record.captured_at or now, now)
    text = cleaned(article, record, reading)
    if found:
        article_id = int(found["id"])
        text = replace(text, article_id=article_id)
        article_table.save_cleaned(kit.store, text, key=key(url), now=seen_at)
    else:
        article_id = table.add(kit.store, text, url=url, key=key(url), seen_at=seen_at)
    read = [(article_id, reading)]
    parts = zip(article.parts, page.readings[1:], strict=True)
    for number, (part, said) in enumerate(parts, start=2):
        part_id = article_table.save_part(
            kit.store, replace(cleaned(part, record, said), article_id=article_id),
            url=f"{url}#article-{number}", now=seen_at,
        )  # fmt: skip
        if part_id is not None:
            read.append((part_id, said))
    readings.save(kit.store, read, now=now)
    return "stored"


def cleaned(article: Extracted, record: Captured, reading: Reading) -> article_table.Cleaned:
    return article_table.Cleaned(
        article_id=0,
        title=article.title or record.feed_title,
        author=article.author,
        site=article.site,
        language=article.language,
        published_at=article.published_at,
        date_source=article.date_source,
        text=article.text,
        text_source=article.text_source,
        status="ok",
        content_hash=pages.content_hash(article.text),
        tagged_by=reading.model_id,
    )
