"""Which archived pages are wanted: as much as can be told before a page is read, then the rest."""

from collections.abc import Collection
from datetime import datetime

from pipeline.models.archives import Captured, Wanted
from pipeline.models.articles import Extracted
from pipeline.steps import urls


def before_reading(record: Captured, wanted: Wanted) -> str:
    """Return why a record is not wanted as far as its address and date tell, else "".

    A page captured before `since` cannot tell of anything later; one captured after `until`
    may still be older.
    """
    if wanted.hosts and record.url and not is_under(urls.host(record.url), wanted.hosts):
        return "host"
    if wanted.since and record.captured_at and record.captured_at < wanted.since:
        return "date"
    return ""


def after_reading(article: Extracted, record: Captured, wanted: Wanted) -> str:
    """Return why an article is not wanted as far as its text tells, else ""."""
    address = record.url or article.canonical_url
    if wanted.hosts and not is_under(urls.host(address), wanted.hosts):
        return "host"
    if wanted.languages and article.language not in wanted.languages:
        return "language"
    return "" if in_time(dated(article, record), wanted) else "date"


def dated(article: Extracted, record: Captured) -> datetime | None:
    """Return when an article counts as published: as it says, else when it was captured."""
    return article.published_at or record.feed_published_at or record.captured_at


def in_time(moment: datetime | None, wanted: Wanted) -> bool:
    """Return whether a moment lies within the dates; an unknown one only where all do."""
    if moment is None:
        return wanted.since is None and wanted.until is None
    early = wanted.since is not None and moment < wanted.since
    late = wanted.until is not None and moment >= wanted.until
    return not early and not late


def is_under(host: str, hosts: Collection[str]) -> bool:
    """Return whether a host is one of these or a subdomain of one."""
    return any(host == name or host.endswith(f".{name}") for name in hosts)
