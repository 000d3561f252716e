"""Backfill: every wanted article of an archive is stored once, however often it is begun."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.adapters.archives.folder import FolderArchive
from pipeline.adapters.archives.frames import FileSource
from pipeline.adapters.archives.warc import WarcArchive
from pipeline.adapters.store import Store, owed
from pipeline.adapters.workers import InlineWorkers
from pipeline.jobs import backfill
from pipeline.jobs.backfill import Asked, BackfillReport
from pipeline.jobs.kit import Kit
from pipeline.models.archives import Wanted
from pipeline.models.articles import Extracted, PageTask
from pipeline.models.policies import DigestPolicy
from pipeline.models.readings import Reading, ReadPage
from pipeline.models.tags import Tag
from pipeline.ports import Archive
from pipeline.steps.pages import content_hash
from tests.adapters.archives.warcs import WarcFile
from tests.fakes import ScriptedFetcher, TurnedClock

PUBLISHED = datetime(2024, 2, 1, tzinfo=UTC)
ALL = Wanted()


def say(text: str) -> Reading:
    """Tag a text with the topic it names: "hbm" or "foundry"."""
    tags = tuple(
        Tag(0, topic, float(topic in text), topic in text, "tag" if topic in text else "no")
        for topic in ("hbm", "foundry")
    )
    return Reading("words", content_hash(text), tags)


def read_page(task: PageTask) -> ReadPage:
    article = extract(task)
    if article.stub:
        return ReadPage(article)
    return ReadPage(article, tuple(say(one.text) for one in (article, *article.parts)))


def extract(task: PageTask) -> Extracted:
    """Take the page for its text; "|" parts a glued one, a first word can make it a special one."""
    text = task.html.decode()
    if text.startswith("BOOM"):
        raise ValueError("no such markup")
    if text.startswith("stub"):
        return Extracted(stub="paywall")
    text, *parts = text.split("|")
    published = None if text.startswith("undated") else PUBLISHED
    language = "zh" if text.startswith("zh") else "en"
    return Extracted(
        title=text[:20], text=text, language=language, published_at=published,
        parts=tuple(Extracted(title=part, text=f"text of {part}") for part in parts),
    )  # fmt: skip


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    with Store(tmp_path / "chipwire.db") as store:
        clock = TurnedClock(datetime(2026, 11, 23, tzinfo=UTC))
        yield Kit(store, ScriptedFetcher(), InlineWorkers(), clock)


def warc(path: Path, *texts: str) -> WarcArchive:
    file = WarcFile()
    for number, text in enumerate(texts, start=1):
        file.holds(f"https://a.test/{number}", text.encode())
    return WarcArchive(FileSource(file.at(path / "pages.warc.gz")))


def read(kit: Kit, archive: Archive, wanted: Wanted = ALL, **asked: bool) -> BackfillReport:
    return backfill.run(kit, archive, Asked(read_page, wanted, **asked))


def stored(kit: Kit) -> list[str]:
    return [row["text"] for row in kit.store.rows("SELECT text FROM articles ORDER BY id")]


def test_every_page_becomes_an_article_with_tags_from_when_it_was_captured(
    kit: Kit, tmp_path: Path
) -> None:
    report = read(kit, warc(tmp_path, "all about hbm", "undated and dull"))
    assert report == BackfillReport(report.source, 2, {"stored": 2}, finished=True)
    rows = kit.store.rows(
        "SELECT url, published_at, first_seen_at, fetched_at, status, tagged_by,"
        " (SELECT group_concat(topic) FROM tags WHERE article_id = a.id AND tagged) AS topics"
        " FROM articles a ORDER BY id"
    )
    captured = "2024-03-01T10:00:00Z"
    assert [tuple(row) for row in rows] == [
        ("https://a.test/1", "2024-02-01T00:00:00Z", captured, captured, "ok", "words", "hbm"),
        ("https://a.test/2", None, captured, captured, "ok", "words", None),
    ]


def test_what_was_read_is_not_read_again(kit: Kit, tmp_path: Path) -> None:
    archive = warc(tmp_path, "one", "two", "three")
    read(kit, archive)
    assert read(kit, archive) == BackfillReport(archive.name, 0, {}, finished=True)
    assert read(kit, archive, again=True).counts == {"known": 3}
    assert stored(kit) == ["one", "two", "three"]


def test_another_filter_reads_the_archive_anew(kit: Kit, tmp_path: Path) -> None:
    archive = warc(tmp_path, "hbm", "foundry", "weather")
    assert read(kit, archive, Wanted(topics=("hbm",))).counts == {"stored": 1, "topic": 2}
    assert read(kit, archive, Wanted(topics=("foundry",))).counts == {
        "known": 1, "stored": 1, "topic": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        pytest.param(Wanted(languages=("zh",)), ["zh text"], id="by language"),
        pytest.param(Wanted(hosts=("b.test",)), [], id="by host"),
        pytest.param(
            Wanted(since=datetime(2024, 2, 15, tzinfo=UTC)), ["undated"],
            id="by date, the undated as they were captured",
        ),
        pytest.param(
            Wanted(until=datetime(2024, 2, 15, tzinfo=UTC)), ["zh text", "english"],
            id="by date, before it was captured",
        ),
    ],
)  # fmt: skip
def test_only_what_is_wanted_is_stored(
    kit: Kit, tmp_path: Path, wanted: Wanted, kept: list[str]
) -> None:
    read(kit, warc(tmp_path, "zh text", "undated", "english"), wanted)
    assert stored(kit) == kept


def test_a_bad_record_costs_itself_and_says_why(kit: Kit, tmp_path: Path) -> None:
    archive = warc(tmp_path, "one", "BOOM", "stub", "four")
    assert read(kit, archive).counts == {"stored": 2, "broken": 1, "no article": 1}
    [row] = kit.store.rows("SELECT outcome FROM backfill_records")
    assert row["outcome"].startswith("broken: error: ValueError: no such markup")


def test_an_article_known_by_title_alone_gets_its_text(kit: Kit, tmp_path: Path) -> None:
    with kit.store.transaction():
        kit.store.execute(
            "INSERT INTO articles (id, url, title, first_seen_at, status)"
            " VALUES (7, 'https://a.test/1', 'T', '2024-01-01T00:00:00Z', 'failed')"
        )
        kit.store.execute("INSERT INTO article_urls VALUES ('a.test/1', 7)")
    read(kit, warc(tmp_path, "its text"))
    row = kit.store.row("SELECT id, text, first_seen_at, status FROM articles")
    assert row is not None
    assert tuple(row) == (7, "its text", "2024-01-01T00:00:00Z", "ok")


class Killed(Exception):
    """The program ends here."""


class Dying:
    """An archive whose reader is killed at its nth record."""

    def __init__(self, archive: Archive, at: int) -> None:
        self.name, self.identity, self.unit = archive.name, archive.identity, archive.unit
        self.size, self.keyed = archive.size, archive.keyed
        self._archive, self._at = archive, at

    def records(self, after: int, settled: Collection[str]) -> Iterator[object]:
        for number, record in enumerate(self._archive.records(after, settled)):
            if number == self._at:
                raise Killed
            yield record


@pytest.mark.parametrize("at", [0, 1, 50, 120])
def test_killed_anywhere_every_record_is_stored_once(kit: Kit, tmp_path: Path, at: int) -> None:
    texts = [f"text {number} about hbm" for number in range(130)]
    archive = warc(tmp_path, *texts)
    with pytest.raises(Killed):
        read(kit, Dying(archive, at))
    before = len(stored(kit))
    assert before == at // backfill.COMMIT * backfill.COMMIT
    report = read(kit, archive)
    assert report.records == len(texts) - before
    assert stored(kit) == texts
    counts = kit.store.value("SELECT counts FROM backfills")
    assert counts == '{"stored": 130}'


def test_stopped_early_it_goes_on_from_there(kit: Kit, tmp_path: Path) -> None:
    archive = warc(tmp_path, *(f"text {number}" for number in range(120)))
    asked = iter([False] * 60 + [True] * 1000)
    stopping = Kit(kit.store, kit.fetcher, kit.workers, kit.clock, stop=lambda: next(asked))
    report = read(stopping, archive)
    assert (report.finished, report.records) == (False, 60)
    assert read(kit, archive).records == 60
    assert len(set(stored(kit))) == 120


def test_archived_articles_stand_in_no_digest(kit: Kit, tmp_path: Path) -> None:
    read(kit, warc(tmp_path, "old news of hbm|and hbm glued on"))
    assert kit.store.value("SELECT count(*) FROM tags WHERE tagged") == 2
    made = owed.material(
        kit.store, DigestPolicy(cut=0.5), topics={"hbm": "HBM"}, now=kit.clock.now()
    )
    assert made.candidates == ()


def test_a_folder_of_pages_takes_what_came_since(kit: Kit, tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    for name in ("a.test/1.html", "b.test/2.html"):
        page = folder / name
        page.parent.mkdir(parents=True)
        page.write_text(f"page {name}")
    assert read(kit, folder_at(folder)).counts == {"stored": 2}
    (folder / "a.test" / "0.html").write_text("one more, first by name")
    (folder / "no-host.html").write_text("nothing tells its address")
    assert read(kit, folder_at(folder)).counts == {"stored": 1, "no address": 1}
    assert read(kit, folder_at(folder)).counts == {}
    urls = [row["url"] for row in kit.store.rows("SELECT url FROM articles ORDER BY id")]
    assert urls == ["https://a.test/1.html", "https://b.test/2.html", "https://a.test/0.html"]


def folder_at(folder: Path) -> FolderArchive:
    return FolderArchive(folder, list(folder.rglob("*.html")))
