"""The sample watch: the newsroom that comes with chipwire, served on this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.adapters.clock import SystemClock
from pipeline.app.parts import App, make_folder
from pipeline.errors import ConfigError
from pipeline.settings import Home, load

if TYPE_CHECKING:
    from pipeline.models.feeds import FeedSource

SETTINGS = """\
# A sample watch: the newsroom that comes with chipwire, served on this machine by
# `chipwire run --sample`. Its addresses end in .test and exist nowhere else.
[fetch]
contact = "sample@localhost"
allow_networks = ["127.0.0.0/8"]
host_delay_s = 0

[[digest]]
name = "daily"
max_stories = 16
"""

# The newsroom's dates are relative to an anchor. It stays for a day, so that a second pass
# finds the same site and the digest of a new day is fresh again.
ANCHOR_AGE = timedelta(days=1)


@contextmanager
def sample_watch(folder: Path) -> Iterator[App]:
    """Serve the newsroom and give an app that watches it, with its home in `folder`.

    Raises:
        ConfigError: the folder holds another watch.
    """
    from pipeline.adapters.newsroom import Newsroom

    clock = SystemClock()
    home = Home(folder.expanduser().resolve())
    make_folder(home.path)
    anchor = settle(home, clock.now())
    with Newsroom(anchor=anchor) as newsroom:
        write_feeds(home, newsroom.feeds)
        with App(home, load(home.settings, {}), clock=clock, resolve=newsroom.resolve) as app:
            yield app


def settle(home: Home, now: datetime) -> datetime:
    """Make the folder a sample home, or check that it is one; return the newsroom's anchor."""
    mark = home.path / "newsroom.json"
    if not mark.exists():
        if home.settings.exists() or home.feeds.exists():
            raise ConfigError(
                f"{home.path} holds a watch of its own",
                fix="give --sample an empty folder, or leave --home away for a temporary one",
            )
        home.settings.write_text(SETTINGS, encoding="utf-8")
        return remember(mark, now)
    try:
        anchor = datetime.fromisoformat(json.loads(mark.read_text(encoding="utf-8"))["anchor"])
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{mark} is damaged", why=str(error), fix="delete it; the next run writes it anew"
        ) from error
    return anchor if now - anchor < ANCHOR_AGE else remember(mark, now)


def remember(mark: Path, anchor: datetime) -> datetime:
    mark.write_text(json.dumps({"anchor": anchor.isoformat()}), encoding="utf-8")
    return anchor


def write_feeds(home: Home, feeds: "tuple[FeedSource, ...]") -> None:
    from pipeline.steps import opml

    subscriptions = opml.Subscriptions()
    for source in feeds:
        subscriptions = opml.add(subscriptions, source)
    data = opml.write(subscriptions)
    if not home.feeds.is_file() or home.feeds.read_bytes() != data:
        home.feeds.write_bytes(data)
