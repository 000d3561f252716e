"""Stored feeds: what they announced, with the text or summary they carried."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from pipeline.models.archives import Captured, Unit
from pipeline.models.feeds import Entry, FeedTask, ParsedFeed, ParseProblem
from pipeline.ports import WorkerFailure, Workers
from pipeline.steps.archives.records import broken
from pipeline.steps.feeds import parse_task

FEED_NAMES = (".xml", ".rss", ".atom", ".rdf")
AT_ONCE = 50  # files parsed before their entries are given out, in the files' order


class FeedArchive:
    """The feed files below a folder, in the order of their paths; `position` counts bytes."""

    unit: Unit = "bytes"
    keyed = True

    def __init__(self, root: Path, files: Sequence[Path], workers: Workers) -> None:
        self.name = str(root)
        self.identity = f"feeds:{root.resolve()}"
        self._files = sorted(files)
        self._workers = workers
        self.size = sum(path.stat().st_size for path in self._files)

    def records(self, _after: int, settled: Collection[str]) -> Iterator[Captured]:
        """Yield every entry that is not settled, oldest file first."""
        position = 0
        for start in range(0, len(self._files), AT_ONCE):
            files = self._files[start : start + AT_ONCE]
            tasks = [to_task(number, path) for number, path in enumerate(files)]
            answers = {
                task.feed_id: answer for task, answer in self._workers.run_all(parse_task, tasks)
            }
            for task, path in zip(tasks, files, strict=True):
                position += len(task.body)
                for record in records_of(path, task, answers[task.feed_id], position):
                    if record.key not in settled:
                        yield record


def to_task(number: int, path: Path) -> FeedTask:
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return FeedTask(number, path.read_bytes(), "", path.resolve().as_uri(), changed)


def records_of(
    path: Path,
    task: FeedTask,
    answer: ParsedFeed | ParseProblem | WorkerFailure,
    position: int,
) -> Iterator[Captured]:
    file = hashlib.sha256(task.body).hexdigest()[:16]
    if isinstance(answer, ParsedFeed):
        for entry in answer.entries:
            yield of_entry(entry, f"{file} {entry.guid}", position, captured_at=task.now)
    elif isinstance(answer, ParseProblem):
        yield broken(f"{file} {path.name}", position, f"{answer.what}: {answer.why}")
    else:
        yield broken(f"{file} {path.name}", position, f"{answer.reason}: {answer.detail}")


def of_entry(entry: Entry, key: str, position: int, *, captured_at: datetime) -> Captured:
    """Return an entry as a record without a page: the feed's own words stand for it."""
    return Captured(
        key,
        position,
        url=entry.url,
        captured_at=captured_at,
        feed_title=entry.title,
        feed_body=entry.body or (f"<p>{escape(entry.summary)}</p>" if entry.summary else ""),
        feed_author=entry.author,
        feed_published_at=entry.published_at,
    )
