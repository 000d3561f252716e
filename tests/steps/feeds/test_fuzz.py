"""Whatever a feed was mutated into: entries that can be stored, or a ParseError; nothing else.

`python -m benchmarks.fuzz_feeds` runs the same mutations 10,000 times and measures them.
"""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.models.feeds import FeedTask, ParsedFeed
from pipeline.steps.feeds import decide, parse_task
from tests.steps.feeds.mutations import mutate

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CONTENT_TYPES = ("", "text/xml", "application/rss+xml; charset=gbk", "text/html; charset=utf-16")


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32), content_type=st.sampled_from(CONTENT_TYPES))
def test_a_mutated_feed_ends_in_entries_or_a_reason(seed: int, content_type: str) -> None:
    body = mutate(random.Random(seed))
    answer = parse_task(FeedTask(1, body, content_type, "https://a.test/feed", NOW))
    if not isinstance(answer, ParsedFeed):
        assert answer.what and answer.why and answer.fix
        return
    guids = [entry.guid for entry in answer.entries]
    assert len(set(guids)) == len(guids) <= 2_000
    for entry in answer.entries:
        assert entry.guid
        assert entry.url == "" or entry.url.startswith(("http://", "https://"))
        # SQLite refuses lone surrogates, and NUL makes its length() lie.
        texts = (entry.guid, entry.title, entry.summary, entry.body, entry.author, entry.raw_date)
        assert "\x00" not in "".join(texts).encode().decode()
        assert (entry.published_at is None) == (entry.date_source == "first_seen")
        assert entry.published_at is None or entry.published_at <= NOW + timedelta(days=1)
    assert len(decide(answer.entries, [])) == len(answer.entries)
