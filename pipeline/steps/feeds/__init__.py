"""Feeds: bytes in, entries out; which of them are new; where a site keeps its feeds."""

from pipeline.steps.feeds.discovery import FeedLink, find_feeds, usual_places
from pipeline.steps.feeds.identity import Decision, KnownSighting, decide
from pipeline.steps.feeds.parsing import parse, parse_task

__all__ = [
    "Decision",
    "FeedLink",
    "KnownSighting",
    "decide",
    "find_feeds",
    "parse",
    "parse_task",
    "usual_places",
]
