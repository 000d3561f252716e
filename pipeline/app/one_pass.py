"""One pass: poll, fetch pages, clean, tag, group, digest; each stage does what is due."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.adapters.store import appointments, runs
from pipeline.adapters.store import feeds as feed_table
from pipeline.app.parts import App
from pipeline.jobs.kit import Progress, Stop, never, no_progress
from pipeline.models.digests import Digest, DigestReport
from pipeline.models.runs import Run

if TYPE_CHECKING:
    from pipeline.jobs.group import GroupReport
    from pipeline.jobs.messages import Newsroom


@dataclass(frozen=True, slots=True)
class PassReport:
    """What one pass did, in counts a person would ask for, and the digests it composed.

    `news` are sentences about feeds and deliveries that a person should hear once.
    """

    counts: dict[str, int] = field(default_factory=dict)
    digests: tuple[Digest, ...] = ()
    undelivered: int = 0
    news: tuple[str, ...] = ()
    next_poll_at: datetime | None = None

    @property
    def found_work(self) -> bool:
        """Whether anything was due."""
        return any(self.counts.values())

    @property
    def brought_news(self) -> bool:
        """Whether anything changed, or failed, that a person may ask about later."""
        quiet = ("feeds_polled", "feeds_unchanged")
        return bool(self.undelivered) or any(
            count for name, count in self.counts.items() if name not in quiet
        )


def run_pass(
    app: App,
    *,
    force: bool = False,
    digest: bool = True,
    progress: Progress = no_progress,
    stop: Stop = never,
) -> PassReport:
    """Do everything that is due; a pass that found nothing due writes nothing.

    `stop` is asked between batches; once it says so, the rest stays due.

    Raises:
        ConfigError: a file of the configuration makes no sense; nothing was started.
        StoreLocked: another program holds the database or this home; nothing was lost.
    """
    from pipeline.app.delivery import newsroom

    started_at = app.clock.now()
    _ = app.feeds, app.knowledge  # what makes no sense is said before a database is made
    room = newsroom(app)
    feed_table.watch(app.store, app.feeds)
    if app.alert_policies:
        watch_rules(app, started_at)
    appointments.bring_forward(app.store, started_at)
    counts, news = gather(app, force=force, progress=progress, stop=stop)
    sent = DigestReport()
    if digest and not stop():
        sent = send(app, room, progress)
        counts |= {
            "digests": len(sent.composed),
            "alerts": len(sent.alerts),
            "delivered": sent.delivered,
        }
    report = PassReport(
        counts, sent.composed, sent.failed, (*news, *sent.news), feed_table.next_poll_at(app.store)
    )
    if report.brought_news:  # polls that were told "unchanged" leave no trace but the feed's
        outcome = "interrupted" if stop() else "ok"
        runs.record(app.store, Run("pass", started_at, app.clock.now(), outcome, counts))
    return report


def gather(
    app: App, *, force: bool, progress: Progress, stop: Stop
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Run the stages that bring articles in; return what each did, and news of the feeds."""
    from pipeline.jobs import pages, poll, review, sheets, tag
    from pipeline.jobs.kit import Kit

    kit = Kit(app.store, app.fetcher, app.workers, app.clock, progress, stop)
    polled = poll.run(kit, policy=app.settings.fetch.policy(), secrets=app.environment, force=force)
    cleaned = pages.run(kit, lambda: app.readers.page)
    learnt = 0 if stop() else learn(app)
    tagged = tag.run(kit, lambda: app.readers.text)
    grouped = tell_together(app, progress, stop)
    read = cleaned.tagged + tagged.articles
    review.top_up(app.store, app.tagger.topics, tagged=read)
    exchanged = sheets.sync_all(app.store, app.home.review, now=app.clock.now())
    counts = {
        "feeds_polled": polled.feeds,
        "feeds_unchanged": polled.unchanged,
        "feeds_failed": polled.failed,
        "new_articles": polled.new,
        "updated_entries": polled.updated,
        "pages_fetched": cleaned.fetched,
        "articles_stored": cleaned.stored,
        "not_articles": cleaned.stubs,
        "pages_failed": cleaned.failed,
        "models_trained": learnt,
        "articles_tagged": read,
        "on_topic": cleaned.on_topic + tagged.on_topic,
        "stories": grouped.stories,
        "labels_taken": sum(sheet.labels for sheet in exchanged),
    }
    return counts, polled.news


def learn(app: App) -> int:
    """Retrain where enough labels came since the last time; return how many models were made."""
    from pipeline.jobs import train

    if not train.is_due(app.store, app.train_policy):
        return 0
    train.run(app.store, app.tagger, app.train_policy, now=app.clock.now())
    app.reload_tagger()
    return 1


def watch_rules(app: App, now: datetime) -> None:
    """Let alert rules that are new here begin with this pass."""
    from pipeline.jobs import alerts

    alerts.watch(app.store, app.alert_policies, now=now)


def tell_together(app: App, progress: Progress, stop: Stop) -> "GroupReport":
    """Group what is due; the files on companies (a quarter of a second) are read only then."""
    from pipeline.adapters.store import stories
    from pipeline.jobs import group

    if not stories.ungrouped(app.store, after=0, limit=1):
        return group.GroupReport()
    return group.run(app.store, app.knowledge, clock=app.clock, progress=progress, stop=stop)


def send(app: App, room: "Newsroom", progress: Progress) -> DigestReport:
    """Raise alerts, compose the digests that are due, and deliver what waits."""
    from pipeline.app.delivery import channels
    from pipeline.jobs import digest

    report = digest.run(
        app.store, app.digest_policies, channels(app), now=app.clock.now(),
        newsroom=room, rules=app.alert_policies,
    )  # fmt: skip
    progress("digests", len(report.composed))
    return report
