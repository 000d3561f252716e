"""What a child can be sent for; imports what the parent must never hold in memory."""

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipeline.app.alive import ping
from pipeline.app.delivery import newsroom
from pipeline.app.keeping import keep
from pipeline.app.one_pass import run_pass
from pipeline.app.parts import App
from pipeline.daemon.child import Errand
from pipeline.daemon.plan import Plan
from pipeline.settings import find_home, load

logger = logging.getLogger(__name__)


def do(errand: Errand, stop: Callable[[], bool]) -> dict[str, object]:
    """Do the errand and return what to tell the parent.

    Raises:
        ConfigError: the configuration makes no sense.
        StoreLocked: another program holds the database; the work is due again.
    """
    home = find_home(errand.home, os.environ, Path.cwd())
    config = Path(errand.config) if errand.config else home.path
    settings = load(config / "chipwire.toml", os.environ)
    with App(home, settings, config=config) as app:
        if errand.job == "plan":
            return {"plan": checked_plan(app).to_json()}
        if errand.job == "pass":
            return one_pass(app, stop)
        return upkeep(app, errand.job)


def checked_plan(app: App) -> Plan:
    """Read every file of the configuration, so that what cannot work is found now."""
    _ = app.knowledge, app.feeds
    topics = tuple(newsroom(app).topics)
    return Plan(
        home=app.home.path,
        backup_schedule=app.settings.backup.schedule,
        digests=tuple(app.digest_policies),
        after_labels=app.settings.train.after_labels,
        alerts=tuple(replace(rule, topics=rule.topics or topics) for rule in app.alert_policies),
        labels=app.settings.review.labels,
    )


def one_pass(app: App, stop: Callable[[], bool]) -> dict[str, object]:
    report = run_pass(app, stop=stop)
    for sentence in report.news:
        logger.warning("pass_news %s", sentence)
    done = {name: count for name, count in report.counts.items() if count}
    logger.info("pass_done counts=%s", done)
    if not stop():
        ping(app, report)
    unsent = f"{report.undelivered} deliveries failed" if report.undelivered else ""
    return {"error": unsent}


def upkeep(app: App, job: str) -> dict[str, object]:
    run = keep(app, job)
    log = logger.info if run.outcome == "ok" else logger.error
    log("%s_done outcome=%s counts=%s error=%r", job, run.outcome, dict(run.counts), run.error)
    return {"error": run.error}
