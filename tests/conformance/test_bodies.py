"""C-31 to C-35: what becomes of a body once it has arrived, by the numbers of the promise."""

import pickle
from datetime import UTC, datetime

import pytest

from pipeline.adapters.workers import PebbleWorkers
from pipeline.errors import ParseError
from pipeline.models.feeds import Entry, FeedTask, ParsedFeed, ParseProblem
from pipeline.models.policies import WorkPolicy
from pipeline.steps.feeds import KnownSighting, decide, parse, parse_task

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://a.test/feed"


def read(text: str) -> ParsedFeed:
    return parse(text.encode(), content_type="text/xml", url=URL, now=NOW)


def rss(inner: str, doctype: str = "") -> str:
    return f'{doctype}<rss version="2.0"><channel><title>T</title>{inner}</channel></rss>'


def item(number: int, inner: str = "") -> str:
    link = f"https://a.test/{number}"
    return f"<item><title>{number}</title><link>{link}</link><guid>{link}</guid>{inner}</item>"


def test_c31_at_most_2000_entries_are_read_and_the_first_ones() -> None:
    feed = read(rss("".join(f"<item><title>{number}</title></item>" for number in range(200_000))))
    assert [entry.title for entry in feed.entries] == [str(number) for number in range(2_000)]
    assert feed.notes == ("only the first 2000 entries read",)
    assert not feed.truncated


def test_c31_exactly_2000_entries_are_no_cut() -> None:
    feed = read(rss("".join(item(number) for number in range(2_000))))
    assert (len(feed.entries), feed.notes) == (2_000, ())


def test_c31_at_most_1_mib_of_text_per_entry() -> None:
    feed = read(rss(item(1, f"<description>{'a' * (3 << 20)}</description>") + item(2)))
    assert [len(entry.body) for entry in feed.entries] == [1 << 20, 0]
    assert feed.notes == ("texts longer than 1 MiB cut",)


def test_c31_a_body_over_10_mib_is_refused() -> None:
    with pytest.raises(ParseError, match="cannot be read"):
        read(" " * (10 << 20) + rss(item(1)))


def test_c32_a_task_and_its_answer_travel_to_a_worker_and_back() -> None:
    tasks = [
        FeedTask(1, rss(item(1)).encode(), "text/xml", URL, NOW),
        FeedTask(2, b"<html>", "text/html", URL, NOW),
    ]
    with PebbleWorkers(WorkPolicy(processes=1)) as workers:
        answers = {task.feed_id: answer for task, answer in workers.run_all(parse_task, tasks)}
    first, second = answers[1], answers[2]
    assert isinstance(first, ParsedFeed)
    assert [entry.url for entry in first.entries] == ["https://a.test/1"]
    assert isinstance(second, ParseProblem)
    assert pickle.loads(pickle.dumps(tasks)) == tasks


def test_c32_a_body_is_never_taken_for_a_name_to_open() -> None:
    for name in (b"/etc/hostname", b"file:///etc/hostname", b"https://a.test/feed"):
        with pytest.raises(ParseError, match="not a feed"):
            parse(name, content_type="text/plain", url=URL, now=NOW)


@pytest.mark.parametrize(
    "declaration",
    [
        pytest.param('<!ENTITY a "xxxxxxxx"><!ENTITY b "&a;&a;&a;&a;">', id="billion laughs"),
        pytest.param(f'<!ENTITY b "{"x" * 10_000}">', id="quadratic"),
        pytest.param('<!ENTITY b SYSTEM "file:///etc/hostname">', id="a file"),
        pytest.param('<!ENTITY b SYSTEM "http://127.0.0.1:9/">', id="an address"),
        pytest.param('<!ENTITY % c SYSTEM "http://127.0.0.1:9/"> %c;', id="an external DTD"),
    ],
)
def test_c33_entities_expand_to_nothing_and_nothing_is_opened(declaration: str) -> None:
    doctype = f"<!DOCTYPE rss [{declaration}]>"
    feed = read(rss("<item><title>&b;</title></item>" + item(1), doctype))
    assert [entry.title for entry in feed.entries] == ["&b;", "1"]


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "tag:a,1:b", "at://x/y"],
)
def test_c34_only_http_links_leave_a_feed(link: str) -> None:
    text = rss(f"<item><title>x</title><link>{link}</link><guid>{link}</guid></item>")
    assert [entry.url for entry in read(text).entries] == [""]


def test_c34_titles_and_authors_come_without_markup_and_links_absolute() -> None:
    (entry,) = read(
        rss(
            "<item><title>&lt;script&gt;x&lt;/script&gt;A &amp;lt;b&amp;gt;B</title>"
            "<author>&lt;img src=x onerror=y&gt;Ann</author><link>../x</link></item>"
        )
    ).entries
    assert (entry.title, entry.author, entry.url) == ("A B", "Ann", "https://a.test/x")


def known(feed: ParsedFeed) -> list[KnownSighting]:
    return [
        KnownSighting(entry.guid, entry.url, entry.title, entry.summary, entry.published_at, 1)
        for entry in feed.entries
    ]


def outcomes(feed: ParsedFeed, before: ParsedFeed) -> list[str]:
    return [decision.outcome for decision in decide(feed.entries, known(before))]


def test_c35_the_guid_is_the_entry_and_new_text_under_it_an_update() -> None:
    before = read(rss("<item><title>A</title><guid>1</guid></item>"))
    after = read(rss("<item><title>B</title><guid>1</guid></item>"))
    assert outcomes(before, before) == ["known"]
    assert outcomes(after, before) == ["updated"]


def test_c35_a_repeated_guid_is_told_apart_by_link() -> None:
    items = "".join(
        f"<item><title>Rule {name}</title><guid>same</guid><link>/{name}</link></item>"
        for name in ("one", "two")
    )
    feed = read(rss(items))
    assert len({entry.guid for entry in feed.entries}) == 2
    assert outcomes(feed, feed) == ["known", "known"]


def test_c35_without_guid_and_link_title_and_date_are_the_entry() -> None:
    first = "<item><title>A</title><pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate></item>"
    second = first.replace("20 Nov", "21 Nov")
    assert outcomes(read(rss(first)), read(rss(first))) == ["known"]
    assert outcomes(read(rss(second)), read(rss(first))) == ["new"]
    nothing = "<item><title>A</title></item>"  # no date either: the words alone
    assert outcomes(read(rss(nothing)), read(rss(nothing))) == ["known"]
    other = nothing.replace("A", "B")
    assert outcomes(read(rss(nothing + other)), read(rss(nothing))) == ["known", "new"]


def test_c35_rewritten_guids_announce_nothing_old_again() -> None:
    before = read(rss("".join(item(number) for number in range(20))))
    text = rss("".join(item(number) for number in range(20)))
    after = read(text.replace("<guid>https://a.test/", "<guid>urn:new:"))
    assert set(outcomes(after, before)) == {"known"}


def test_c35_a_deleted_entry_does_not_come_back() -> None:
    entry: Entry = read(rss(item(1))).entries[0]
    (decision,) = decide([entry], [KnownSighting(entry.guid, entry.url, entry.title)])
    assert (decision.outcome, decision.article_id) == ("known", None)
