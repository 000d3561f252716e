"""An entry is announced once, however a feed treats its guids; an edit is no second article."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.models.feeds import Entry
from pipeline.steps.feeds.identity import KnownSighting, decide, similar, with_guids

AT = datetime(2026, 11, 20, 8, 0, 7, tzinfo=UTC)


def entry(number: int = 1, **changes: object) -> Entry:
    plain = Entry(
        guid=f"g{number}",
        url=f"https://a.test/{number}",
        title=f"Foundry number {number} raises its prices",
        summary="It said so.",
        published_at=AT + timedelta(hours=number),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test's own fields


def sighted(one: Entry, article_id: int | None = 7) -> KnownSighting:
    return KnownSighting(
        one.guid, one.url, one.title, one.summary, one.published_at, article_id=article_id
    )


ONE_ENTRY = [
    # what the feed says now, outcome, recognised by
    pytest.param(entry(), "known", "guid", id="the same again"),
    pytest.param(entry(2), "new", "", id="another entry"),
    pytest.param(entry(guid="x"), "known", "url", id="a new guid on the same page"),
    pytest.param(entry(guid="x", url="https://a.test/1?utm_source=rss"), "known", "url",
                 id="a new guid and a tracking parameter"),
    pytest.param(entry(guid="x", url="http://www.a.test/1/"), "known", "url",
                 id="a new guid and another spelling of the address"),
    pytest.param(entry(guid="x", url="https://b.test/x"), "known", "title",
                 id="new guid and address, same title and moment"),
    pytest.param(entry(guid="x", title="Foundry number 1 raises prices again"), "updated", "url",
                 id="a title edited under a new guid"),
    pytest.param(entry(guid="x", url="https://a.test/raised",
                       title="Foundry number 1 raises prices"), "updated", "title",
                 id="a title edited under a new guid and address, same moment"),
    pytest.param(entry(title="Something else entirely"), "updated", "guid",
                 id="new text under the same guid and address"),
    pytest.param(entry(summary="It denied that."), "updated", "guid", id="a new summary"),
    pytest.param(entry(summary=""), "known", "guid", id="a summary that went missing"),
    pytest.param(entry(url="https://a.test/moved"), "known", "guid", id="a moved page"),
    pytest.param(entry(url="https://a.test/z", title="Export rules widen",
                       published_at=AT + timedelta(days=2)), "new", "",
                 id="a guid reused for another page, title and moment"),
    pytest.param(entry(guid="x", url="https://a.test/x",
                       title="Foundry number 2 raises its prices"), "new", "",
                 id="another number at the same moment is other news"),
]  # fmt: skip


@pytest.mark.parametrize(("now", "outcome", "by"), ONE_ENTRY)
def test_an_entry_is_recognised(now: Entry, outcome: str, by: str) -> None:
    (decision,) = decide([now], [sighted(entry())])
    assert (decision.outcome, decision.by) == (outcome, by)
    if outcome != "new":
        assert decision.article_id == 7
        assert decision.entry.guid == "g1", "it stays one row"


def test_a_page_known_from_another_feed_is_new_here_with_its_article() -> None:
    (decision,) = decide([entry()], [], elsewhere={"a.test/1": 42})
    assert (decision.outcome, decision.by, decision.article_id) == ("new", "elsewhere", 42)


def test_a_reused_guid_is_announced_once_under_a_guid_of_its_own() -> None:
    reused = entry(url="https://a.test/z", title="Export rules widen", published_at=None)
    (first,) = decide([reused], [sighted(entry())])
    assert (first.outcome, first.entry.guid) == ("new", "g1 a.test/z")
    (again,) = decide([reused], [sighted(entry()), sighted(first.entry)])
    assert (again.outcome, again.entry.guid) == ("known", "g1 a.test/z")


def test_two_series_of_one_day_stay_two_entries() -> None:
    day = AT.replace(hour=0, second=0)
    memory = entry(1, title="Weekly roundup of the memory market", published_at=day)
    foundry = entry(2, title="Weekly roundup of the foundry market", published_at=day)
    assert similar(memory.title, foundry.title)
    assert decide([foundry], [sighted(memory)])[0].outcome == "new"
    second = replace(memory, published_at=AT)
    other = replace(foundry, published_at=AT)
    assert [one.outcome for one in decide([second, other], [sighted(second)])] == ["known", "new"]


def test_a_deleted_article_does_not_come_back() -> None:
    (decision,) = decide([entry()], [sighted(entry(), article_id=None)])
    assert (decision.outcome, decision.article_id) == ("known", None)


def test_a_changing_count_is_no_edit() -> None:
    known = sighted(entry(summary="Prices rise. 3 comments"))
    (decision,) = decide([entry(summary="Prices rise. 14 comments")], [known])
    assert (decision.outcome, decision.changed) == ("known", frozenset())


def test_guids_that_change_with_every_poll_announce_nothing_twice() -> None:
    known: list[KnownSighting] = []
    for poll in range(10):
        entries = [entry(number, guid=f"{poll}-{number}") for number in range(20)]
        new = [one for one in decide(entries, known) if one.outcome == "new"]
        assert len(new) == (20 if poll == 0 else 0)
        known += [sighted(one.entry) for one in new]


def test_a_page_listed_twice_under_two_titles_is_not_edited_to_and_fro() -> None:
    twice = [entry(), entry(guid="copy", title="Prices up: the analysis")]
    first = decide(twice, [])
    assert [one.outcome for one in first] == ["new", "known"]
    for order in (twice, twice[::-1]):
        assert {one.outcome for one in decide(order, [sighted(entry())])} == {"known"}


def test_a_feed_that_links_its_homepage_from_every_entry_keeps_them_apart() -> None:
    titles = ("Prices rise", "Export rules widen", "A fab opens in Dresden")
    entries = [
        entry(number, url="https://a.test/", title=title) for number, title in enumerate(titles)
    ]
    decisions = decide(entries, [sighted(entries[0])], elsewhere={"a.test": 42})
    assert [one.outcome for one in decisions] == ["known", "new", "new"]
    assert decisions[2].article_id is None
    assert not any(one.has_page for one in decisions)
    assert decide([entry()], [])[0].has_page


def test_a_repeated_guid_is_told_apart_by_link() -> None:
    entries = with_guids([entry(1, guid="same"), entry(2, guid="same"), entry(3)])
    assert [one.guid for one in entries] == [
        "same https://a.test/1",
        "same https://a.test/2",
        "g3",
    ]
    again = with_guids([entry(2, guid="same")])
    assert decide(again, [sighted(one) for one in entries])[0].outcome == "known"


def test_without_a_guid_the_address_and_then_title_and_date_stand_in() -> None:
    bare = [
        entry(1, guid=""),
        entry(2, guid="", url=""),
        entry(3, guid="", url="", title="", summary="Only a text."),
    ]
    first, second = with_guids(bare), with_guids(bare)
    assert first == second
    assert first[0].guid == "https://a.test/1"
    assert all(one.guid.startswith("hash:") for one in first[1:])
    assert len({one.guid for one in first}) == 3


def test_an_entry_announced_twice_in_one_document_stays_once() -> None:
    assert len(with_guids([entry(), entry()])) == 1


ENTRIES = st.lists(
    st.builds(
        Entry,
        guid=st.sampled_from(["", "a", "b", "c"]),
        url=st.sampled_from(["", "https://a.test/1", "https://a.test/2"]),
        title=st.sampled_from(["", "Prices rise", "Export rules widen"]),
        raw_date=st.sampled_from(["", "x"]),
        published_at=st.sampled_from([None, AT]),
    ),
    max_size=12,
)


@given(ENTRIES)
def test_guids_are_unique_within_a_document(entries: list[Entry]) -> None:
    guids = [one.guid for one in with_guids(entries)]
    assert len(guids) == len(set(guids))
    assert all(guids)


@given(ENTRIES)
def test_polling_the_same_document_again_brings_nothing(entries: list[Entry]) -> None:
    announced = with_guids(entries)
    known = [sighted(one.entry) for one in decide(announced, []) if one.outcome == "new"]
    assert {one.outcome for one in decide(announced, known)} <= {"known", "updated"}


@given(st.text(max_size=20), st.text(max_size=20))
def test_similarity_is_symmetric(one: str, other: str) -> None:
    assert similar(one, one)
    assert similar(one, other) == similar(other, one)
