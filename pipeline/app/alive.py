"""The dead-man's ping: a monitor outside hears of every good pass, and of silence by silence."""

import logging
from dataclasses import replace
from urllib.parse import urlsplit

from pipeline.app.one_pass import PassReport
from pipeline.app.parts import App

logger = logging.getLogger(__name__)

TIMEOUT_S = 10.0
ANSWER_MIB = 0.1


def ping(app: App, report: PassReport) -> bool:
    """Ask for `[daemon] ping_url` if the pass was good; return whether the monitor heard.

    Any address may be asked, as with web hooks: the user wrote it, and monitors often stand in
    the own network. The URL is a secret (who knows it can feign life): logs name its host
    alone. Nothing that goes wrong here is a fault of the pass.
    """
    url = app.settings.daemon.ping_url
    if not url or report.undelivered:
        return False
    from pipeline import __version__
    from pipeline.adapters.http import HttpFetcher
    from pipeline.models.pages import Request, Response

    policy = replace(
        app.settings.fetch.policy(), allow_networks=("*",), timeout_s=TIMEOUT_S, max_mib=ANSWER_MIB
    )
    fetcher = HttpFetcher(policy, app.clock, version=__version__, resolve=app.resolve)
    # kind "feed": as with feeds the user typed, robots.txt is not asked
    for _, got in fetcher.fetch_all([Request(url, kind="feed")]):
        if isinstance(got, Response) and 200 <= got.status <= 299:
            return True
        why = f"status {got.status}" if isinstance(got, Response) else got.reason
        logger.warning("ping_failed host=%s why=%s", urlsplit(url).hostname, why)
    return False
