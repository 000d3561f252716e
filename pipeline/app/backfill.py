"""A backfill: every archive in turn, then the stories its articles belong to."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.adapters.store import runs
from pipeline.app.parts import App
from pipeline.errors import ConfigError, StoreLocked
from pipeline.jobs import backfill
from pipeline.jobs.kit import Kit, Progress, Stop, never, no_progress
from pipeline.models.archives import Walked, Wanted
from pipeline.models.runs import Run
from pipeline.ports import Archive, Workers

if TYPE_CHECKING:
    from pipeline.adapters.workers.cluster import ClusterWorkers


@dataclass(frozen=True, slots=True)
class BackfillResult:
    """What a backfill did; `grouped` is False where the watch at work will do it."""

    archives: tuple[backfill.BackfillReport, ...]
    stories: int
    grouped: bool

    @property
    def counts(self) -> dict[str, int]:
        """Records by outcome, over all archives."""
        total: Counter[str] = Counter()
        for one in self.archives:
            total.update(one.counts)
        return dict(total)


@dataclass(frozen=True, slots=True)
class Watching:
    """Who hears of the progress, and who may end it."""

    report: Callable[[Walked], None] = backfill.tell_nobody
    progress: Progress = no_progress
    stop: Stop = never


def opened(app: App, places: Sequence[str], wanted: Wanted) -> list[Archive]:
    """Return the archives at these places. Raises ConfigError for one that holds none."""
    from pipeline.adapters.archives.opening import Opener
    from pipeline.adapters.store import backfill as table
    from pipeline.models.archives import Captured
    from pipeline.steps.archives.filters import before_reading
    from pipeline.steps.urls import canonical, key

    def worth(url: str) -> bool:
        if before_reading(Captured(url, 0, url=url), wanted):
            return False
        found = table.known(app.store, canonical(url), [key(url)])
        return not (found and found["has_text"])

    opener = Opener(app.fetcher, app.workers, worth)
    return [archive for place in places for archive in opener.open(place)]


def check_topics(app: App, wanted: Wanted) -> None:
    """Raise ConfigError for a topic this watch does not have."""
    import difflib

    names = [topic.name for topic in app.tagger.topics]
    for topic in wanted.topics:
        if topic not in names:
            close = difflib.get_close_matches(topic, names, n=1)
            raise ConfigError(
                f"no topic is called {topic!r}",
                fix=f"did you mean {close[0]}?" if close else f"one of {', '.join(names)}",
            )


def run_backfill(
    app: App,
    archives: Sequence[Archive],
    wanted: Wanted,
    *,
    again: bool = False,
    workers: Workers | None = None,
    watching: Watching = Watching(),
) -> BackfillResult:
    """Read every archive on from where it was left, then group what came.

    `workers` are a cluster's, else this home's own.

    The watch may run meanwhile: only grouping needs the home's lock, and where the watch holds
    it, its next pass groups the articles, which are due like any others.
    """
    started_at = app.clock.now()
    kit = Kit(
        app.store, app.fetcher, workers or app.workers, app.clock, watching.progress, watching.stop
    )
    asked = backfill.Asked(app.readers.page, wanted, again)
    reports = [
        backfill.run(kit, archive, asked, report=watching.report)
        for archive in archives
        if not watching.stop()
    ]
    stories, grouped = 0, True
    try:
        stories = group_archived(app, watching)
    except StoreLocked:
        grouped = False
    result = BackfillResult(tuple(reports), stories, grouped)
    if result.counts:
        outcome = "interrupted" if watching.stop() else "ok"
        runs.record(app.store, Run("backfill", started_at, app.clock.now(), outcome, result.counts))
    return result


def group_archived(app: App, watching: Watching) -> int:
    """Group the articles that are due, holding the home's lock; return how many stories began."""
    from pipeline.jobs import group, review

    app.lock("chipwire backfill")
    grouped = group.run(
        app.store, app.knowledge, clock=app.clock, progress=watching.progress, stop=watching.stop
    )
    review.top_up(app.store, app.tagger.topics, tagged=grouped.articles)
    return grouped.stories


def cluster(app: App, address: str, *, insecure: bool) -> "ClusterWorkers":
    """Return a Dask cluster as workers, with this home's configuration and model laid down there.

    Raises:
        ConfigError: Dask is not installed, or the cluster does not fit.
    """
    from importlib.util import find_spec

    if find_spec("distributed") is None:
        raise ConfigError("--cluster needs Dask distributed", fix="pip install 'chipwire[cluster]'")
    from pipeline.adapters.workers.cluster import ClusterWorkers
    from pipeline.adapters.workers.parcel import pack

    parcel = pack(app.config, app.models_folder / app.tagger.model_id)
    return ClusterWorkers(address, app.settings.work.policy(), parcel=parcel, insecure=insecure)
