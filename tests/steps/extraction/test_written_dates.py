"""Dates in every spelling met on news pages, by language; what is no date is none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.extraction.written_dates import ago, in_address, local_zone, parse, written

DAY = datetime(2026, 11, 23, tzinfo=UTC)
TIME = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "date"),
    [
        pytest.param("2026-11-23T14:05:00Z", TIME, id="ISO 8601"),
        pytest.param("2026-11-23T14:05:00.123+00:00", TIME, id="with milliseconds"),
        pytest.param("2026-11-23T22:05:00+08:00", TIME, id="a zone"),
        pytest.param("2026-11-23T22:05:00+0800", TIME, id="a zone without its colon"),
        pytest.param("2026-11-23T22:05+08", TIME, id="a zone of hours"),
        pytest.param("2026-11-23T10:35:00-03:30", TIME, id="a zone of half an hour"),
        pytest.param("20261123T140500Z", TIME, id="the basic form"),
        pytest.param("2026/11/23 14:05", TIME, id="slashes"),
        pytest.param("2026.11.23. 14:05", TIME, id="Korean points"),
        pytest.param("20261123", DAY, id="eight digits"),
        pytest.param("2026-11-23", DAY, id="a day"),
        pytest.param("2026-11-23T00:00:00+08:00", DAY, id="a day as its midnight somewhere"),
        pytest.param("Mon, 23 Nov 2026 15:05:00 +0100", TIME, id="RFC 2822"),
        pytest.param("1795442700", TIME, id="Unix time"),
        pytest.param(1795442700000, TIME, id="Unix time in milliseconds"),
        pytest.param(["", "2026-11-23"], DAY, id="a list"),
        pytest.param("November 23, 2026 2:05 PM", TIME, id="English, American"),
        pytest.param("Nov. 23, 2026 at 9:05 a.m. EST", TIME, id="with a named zone"),
        pytest.param("Monday, 23rd November 2026 14:05 GMT", TIME, id="English, British"),
        pytest.param("12:05 AM is no date; Nov 23, 2026 at 12:05 PM",
                     TIME.replace(hour=12), id="noon"),
        pytest.param("23. November 2026, 14.05 Uhr", TIME, id="German"),
        pytest.param("23.11.2026 14:05", TIME, id="German in figures"),
        pytest.param("le 23 novembre 2026 à 14h05", TIME, id="French"),
        pytest.param("1er mai 2026", datetime(2026, 5, 1, tzinfo=UTC), id="French, a first"),
        pytest.param("23 de noviembre de 2026", DAY, id="Spanish"),
        pytest.param("23 de novembro de 2026", DAY, id="Portuguese"),
        pytest.param("23 giugno 2026", datetime(2026, 6, 23, tzinfo=UTC), id="Italian"),
        pytest.param("23 maart 2026", datetime(2026, 3, 23, tzinfo=UTC), id="Dutch"),
        pytest.param("23 czerwca 2026", datetime(2026, 6, 23, tzinfo=UTC), id="Polish"),
        pytest.param("23. července 2026", datetime(2026, 7, 23, tzinfo=UTC), id="Czech July"),
        pytest.param("23. června 2026", datetime(2026, 6, 23, tzinfo=UTC), id="Czech June"),
        pytest.param("23 ноября 2026, 14:05", TIME, id="Russian"),
        pytest.param("23 листопада 2026", DAY, id="Ukrainian"),
        pytest.param("23 Kasım 2026 14:05", TIME, id="Turkish"),
        pytest.param("23 marraskuuta 2026", DAY, id="Finnish"),
        pytest.param("2026. november 23.", DAY, id="Hungarian"),
        pytest.param("23 tháng 11 năm 2026", DAY, id="Vietnamese"),
        pytest.param("2026年11月23日 14:05", TIME, id="Chinese"),
        pytest.param("2026年11月23日 下午2:05", TIME, id="Chinese, afternoon"),
        pytest.param("2026年11月23日14時05分", TIME, id="Japanese"),
        pytest.param("令和8年11月23日", DAY, id="Japanese, by era"),
        pytest.param("２０２６年１１月２３日", DAY, id="Japanese, full-width figures"),
        pytest.param("2026년 11월 23일 오후 2:05", TIME, id="Korean"),
        pytest.param("٢٣ نوفمبر ٢٠٢٦", DAY, id="Arabic, Arabic figures"),
        pytest.param("23 تشرين الثاني 2026", DAY, id="Arabic of the Levant"),
        pytest.param("23 בנובמבר 2026", DAY, id="Hebrew"),
        pytest.param("२३ नवंबर २०२६", DAY, id="Hindi"),
        pytest.param("23/11/2026 14:05", TIME, id="slashes that can only be day and month"),
        pytest.param("11/23/2026", DAY, id="slashes that can only be month and day"),
        pytest.param("4/5/2026", None, id="slashes that can be either"),
        pytest.param("© 2026", None, id="a year"),
        pytest.param("99999-01-01", None, id="a year of five figures"),
        pytest.param("2026-13-45", None, id="a month that does not exist"),
        pytest.param("31 February 2026", None, id="a day that does not exist"),
        pytest.param("1970-01-01", None, id="the epoch"),
        pytest.param("yesterday", None, id="a word"),
        pytest.param(True, None, id="a truth value"),
        pytest.param(1e300, None, id="a vast number"),
        pytest.param(None, None, id="nothing"),
    ],
)  # fmt: skip
def test_a_date_is_read(value: object, date: datetime | None) -> None:
    assert parse(value) == date


@pytest.mark.parametrize(
    ("host", "language", "hours"),
    [
        pytest.param("news.example.cn", "", 8, id="a Chinese domain"),
        pytest.param("example.com", "zh-TW", 8, id="a Chinese page"),
        pytest.param("example.com", "ko", 9, id="a Korean page"),
        pytest.param("example.co.jp", "en", 9, id="a Japanese domain"),
        pytest.param("example.com", "en", 0, id="nobody knows"),
    ],
)
def test_a_time_without_a_zone_is_the_countrys_where_it_has_one(
    host: str, language: str, hours: int
) -> None:
    zone = local_zone(host, language)
    assert parse("2026-11-23 22:05", zone=zone) == TIME + timedelta(hours=8 - hours)
    assert parse("2026-11-23", zone=zone) == DAY
    assert parse("2026-11-23T14:05:00Z", zone=zone) == TIME


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        pytest.param("3 hours ago", 180, id="English"),
        pytest.param("Updated 20 mins ago", 20, id="with a word before"),
        pytest.param("an hour ago", 60, id="one in words"),
        pytest.param("vor 3 Stunden", 180, id="German"),
        pytest.param("il y a 5 minutes", 5, id="French"),
        pytest.param("hace 3 horas", 180, id="Spanish"),
        pytest.param("3小时前", 180, id="Chinese"),
        pytest.param("20分鐘前", 20, id="Chinese, traditional"),
        pytest.param("3時間前", 180, id="Japanese"),
        pytest.param("３時間前", 180, id="Japanese, full-width"),
        pytest.param("3시간 전", 180, id="Korean"),
        pytest.param("3 часа назад", 180, id="Russian"),
        pytest.param("منذ ٣ ساعات", 180, id="Arabic"),
        pytest.param("לפני 3 שעות", 180, id="Hebrew"),
        pytest.param("in 3 hours", None, id="the future"),
        pytest.param("3 years ago", None, id="years"),
        pytest.param("3 hours of work", None, id="a duration"),
    ],
)
def test_a_distance_counts_back_from_now(text: str, minutes: int | None) -> None:
    expected = None if minutes is None else TIME - timedelta(minutes=minutes)
    assert ago(text, now=TIME + timedelta(seconds=42)) == expected


def test_a_distance_in_days_is_a_day() -> None:
    assert ago("2 days ago", now=TIME) == DAY - timedelta(days=2)


@pytest.mark.parametrize(
    ("path", "date"),
    [
        pytest.param("/2026/11/23/chips", DAY, id="folders"),
        pytest.param("/n1/2026/1123/c1-4.html", DAY, id="a folder a year"),
        pytest.param("/news/2026-11-23-chips", DAY, id="hyphens"),
        pytest.param("/chips-20261123.html", DAY, id="eight figures"),
        pytest.param("/2026/1/5/", datetime(2026, 1, 5, tzinfo=UTC), id="single figures"),
        pytest.param("/chips-in-2026", None, id="a year"),
        pytest.param("/202611234455", None, id="a number"),
        pytest.param("/article/20261399/", None, id="no month"),
        pytest.param("/a?from=/2026/11/23/", None, id="a parameter"),
    ],
)
def test_an_address_names_a_day(path: str, date: datetime | None) -> None:
    assert in_address(f"https://chips.example{path}") == date


@given(st.text(max_size=90))
def test_any_text_is_a_date_or_none(text: str) -> None:
    for date in (parse(text), written(text), ago(text, now=TIME)):
        assert date is None or date.tzinfo is UTC


@given(st.integers(min_value=14_000_000, max_value=60_000_000))
def test_what_is_written_is_read_back(minutes: int) -> None:
    date = datetime.fromtimestamp(60 * minutes, tz=UTC)
    for form in (
        "%Y-%m-%dT%H:%M:%SZ",
        "%B %d, %Y %I:%M %p",
        "%Y年%m月%d日 %H:%M",
        "%d.%m.%Y %H:%M",
    ):
        assert parse(date.strftime(form)) == date
