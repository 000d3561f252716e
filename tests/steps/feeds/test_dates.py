"""Every date a publisher writes is read with its zone, and no impossible one is believed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.feeds.dates import Dated, read_date

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(raw: str, language: str = "") -> Dated:
    return read_date([raw], now=NOW, language=language)


READ = [
    # RFC 822 and its relatives
    pytest.param("Mon, 23 Nov 2026 09:00:00 +0900", "", "2026-11-23T00:00", id="RFC 822"),
    pytest.param("Mon, 23 Nov 2026 09:00:00 GMT", "", "2026-11-23T09:00", id="GMT"),
    pytest.param("23 Nov 2026 09:00 EST", "", "2026-11-23T14:00", id="no weekday, no seconds"),
    pytest.param("Mon, 23 Nov 26 09:00:00 Z", "", "2026-11-23T09:00", id="a year of two digits"),
    pytest.param("Thu,28 Jul 2022 4:35:5 GMT+9", "", "2022-07-27T19:35:05", id="GMT+9 is +9"),
    pytest.param("Mon, 23 Nov 2026 09:00:00 JST", "", "2026-11-23T00:00", id="Japan"),
    pytest.param("Mon, 23 Nov 2026 09:00:00 KST", "", "2026-11-23T00:00", id="Korea"),
    pytest.param("Mon, 23 Nov 2026 09:00:00 HKT", "", "2026-11-23T01:00", id="Hong Kong"),
    pytest.param("Mon, 23 Nov 2026 09:00:00 SGT", "", "2026-11-23T01:00", id="Singapore"),
    pytest.param("Fri, 05 Jun 2026 09:00:00 CEST", "", "2026-06-05T07:00", id="European summer"),
    pytest.param("Fri, 05 Jun 2026 09:00:00 BST", "", "2026-06-05T08:00", id="British summer"),
    pytest.param("Fri, 05 Jun 2026 09:00:00 CST", "", "2026-06-05T15:00", id="CST is American"),
    pytest.param("Fri, 05 Jun 2026 09:00:00 CST", "zh-CN", "2026-06-05T01:00", id="or Chinese"),
    pytest.param("Sunday, 07 June 2026 09:00:00 PDT", "", "2026-06-07T16:00", id="long names"),
    pytest.param("Mon, 23-Nov-2026 09:00:00 UTC", "", "2026-11-23T09:00", id="with hyphens"),
    pytest.param("23 Nov 2026", "", "2026-11-23T00:00", id="a day without a time"),
    pytest.param("Sun, 31 May 2026 24:00:00 GMT", "", "2026-06-01T00:00", id="the hour 24"),
    pytest.param("Mon, 29 Jun 2026 23:59:60 GMT", "", "2026-06-29T23:59:59", id="a leap second"),
    pytest.param(
        "Mon, 23 Nov 2026 09:00:00 +0000 (Coordinated)", "", "2026-11-23T09:00", id="a comment"
    ),
    # ISO 8601 and W3CDTF
    pytest.param("2026-11-23T09:00:00Z", "", "2026-11-23T09:00", id="ISO"),
    pytest.param("2026-11-23T09:00:00.123+08:00", "", "2026-11-23T01:00", id="fractions go"),
    pytest.param("2026-11-23 09:00:00 +0900", "", "2026-11-23T00:00", id="ISO with blanks"),
    pytest.param("2026-11-23T09:00+0900", "", "2026-11-23T00:00", id="no colon in the offset"),
    pytest.param("2026-11-23", "", "2026-11-23T00:00", id="an ISO day"),
    pytest.param("20261123T090000Z", "", "2026-11-23T09:00", id="ISO without separators"),
    pytest.param("2026-11-23T09:00:00 KST", "", "2026-11-23T00:00", id="ISO with a zone name"),
    # East Asia
    pytest.param("2020/1/10 14:33:00", "", "2020-01-10T14:33", id="slashes, zone unknown"),
    pytest.param("2020/1/10 14:33:00", "ja", "2020-01-10T05:33", id="slashes in Japanese"),
    pytest.param("2025年06月13日 08:05", "", "2025-06-13T08:05", id="Chinese, zone unknown"),
    pytest.param("2025年06月13日 08:05", "zh-tw", "2025-06-13T00:05", id="Chinese"),
    pytest.param("2025年6月13日(金) 8時5分", "ja", "2025-06-12T23:05", id="Japanese"),
    pytest.param("2025년 6월 13일 오후 3시 5분", "ko", "2025-06-13T06:05", id="Korean afternoon"),
    pytest.param("2025년 6월 13일", "ko", "2025-06-12T15:00", id="a Korean day"),
    pytest.param("2025.06.13 08:05:09", "ko", "2025-06-12T23:05:09", id="dots"),
    # Seconds since 1970
    pytest.param("1749801900", "", "2025-06-13T08:05", id="epoch seconds"),
    pytest.param("1749801900000", "", "2025-06-13T08:05", id="epoch milliseconds"),
]


@pytest.mark.parametrize(("raw", "language", "moment"), READ)
def test_a_date_is_read(raw: str, language: str, moment: str) -> None:
    dated = read(raw, language)
    assert dated.at is not None
    assert dated.at.replace(tzinfo=None) == datetime.fromisoformat(moment)
    assert (dated.source, dated.raw, dated.at.tzinfo) == ("feed", raw, UTC)


def test_what_only_dateparser_reads_is_a_guess() -> None:
    dated = read("le 3 juin 2025 à 10:20", "fr")
    assert (dated.at, dated.source) == (datetime(2025, 6, 3, 10, 20, tzinfo=UTC), "guess")


REFUSED = [
    pytest.param("", id="nothing"),
    pytest.param("yesterday", id="a relative day"),
    pytest.param("10:30", id="only a time"),
    pytest.param("June 2025", id="no day"),
    pytest.param("3 June", id="no year"),
    pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", id="the epoch"),
    pytest.param("0", id="zero"),
    pytest.param("Mon, 23 Nov 2036 09:00:00 GMT", id="ten years ahead"),
    pytest.param("Mon, 23 Nov 99999 09:00:00 GMT", id="the year 99999"),
    pytest.param("Mon, 31 Feb 2026 09:00:00 GMT", id="February 31st"),
    pytest.param("Mon, 23 Nov 2026 25:61:00 GMT", id="25:61"),
    pytest.param("0001-01-01T00:00:00", id="the year 1"),
    pytest.param("2026-13-40", id="month 13"),
    pytest.param("9" * 500, id="500 digits"),
    pytest.param("Mon, 23 Nov 2026 09:00:00 +99:99", id="an impossible zone"),
]


@pytest.mark.parametrize("raw", REFUSED)
def test_an_impossible_date_leaves_first_sight(raw: str) -> None:
    dated = read(raw)
    assert (dated.at, dated.source) == (None, "first_seen")
    assert raw.startswith(dated.raw)


def test_up_to_a_day_ahead_is_believed() -> None:
    assert read((NOW + timedelta(hours=24)).isoformat()).source == "feed"
    assert read((NOW + timedelta(hours=24, seconds=1)).isoformat()).source == "first_seen"


def test_the_second_date_serves_where_the_first_is_impossible() -> None:
    dated = read_date(["1970-01-01T00:00:00Z", "2026-11-20T08:00:00Z"], now=NOW)
    assert dated == Dated(datetime(2026, 11, 20, 8, tzinfo=UTC), "feed", "2026-11-20T08:00:00Z")


def test_without_guessing_dateparser_is_not_asked() -> None:
    assert read_date(["le 3 juin 2025"], now=NOW, language="fr", guess=False).at is None


@given(
    seconds=st.integers(800_000_000, 1_790_000_000),
    offset=st.integers(-12 * 60, 14 * 60),
)
def test_every_spelling_of_a_moment_means_it(seconds: int, offset: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    local = moment + timedelta(minutes=offset)
    zone = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}{abs(offset) % 60:02}"
    for spelling in ("%a, %d %b %Y %H:%M:%S ", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S "):
        assert read(local.strftime(spelling) + zone).at == moment


@given(st.text(max_size=40))
def test_no_text_raises_or_escapes_the_bounds(raw: str) -> None:
    dated = read_date([raw], now=NOW, guess=False)
    assert dated.at is None or datetime(1995, 1, 1, tzinfo=UTC) <= dated.at <= NOW + timedelta(
        days=1
    )
