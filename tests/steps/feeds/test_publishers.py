"""Feeds in the shapes of real publishers, one folder each, with what must come out beside them."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.models.feeds import Entry
from pipeline.steps.feeds import parse

FOLDERS = sorted((Path(__file__).resolve().parents[2] / "resources" / "feeds").iterdir())
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLAIN = asdict(Entry(guid="", url="", title=""))


def shown(entry: Entry) -> dict[str, object]:
    """Return guid, url, title and whatever else is not as empty as it could be."""
    values = asdict(entry)
    if entry.published_at:
        values["published_at"] = entry.published_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    always = ("guid", "url", "title")
    return {key: value for key, value in values.items() if key in always or value != PLAIN[key]}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_publishers_feed_is_read(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    (source,) = folder.glob("feed.*")
    feed = parse(
        source.read_bytes(),
        content_type=expected.pop("content_type"),
        url=expected.pop("url"),
        now=NOW,
    )
    assert [shown(entry) for entry in feed.entries] == expected.pop("entries")
    assert {
        "format": feed.format,
        "title": feed.title,
        "site_url": feed.site_url,
        "language": feed.language,
        "truncated": feed.truncated,
        "interval_s": feed.hint_interval_s,
        "skip_days": sorted(feed.skip_days),
        "notes": list(feed.notes),
    } == expected


def test_every_format_has_a_publisher() -> None:
    formats = {json.loads((folder / "expected.json").read_text())["format"] for folder in FOLDERS}
    assert formats >= {
        "rss091u", "rss10", "rss20", "atom03", "atom10", "json11", "sitemap-news",
    }  # fmt: skip
