"""Which archived pages are wanted, before and after they are read."""

from datetime import UTC, datetime

import pytest

from pipeline.models.archives import Captured, Wanted
from pipeline.models.articles import Extracted
from pipeline.steps.archives.filters import after_reading, before_reading, is_under
from pipeline.steps.archives.records import captured_at, not_a_page
from pipeline.steps.archives.saved_pages import address_of

JANUARY, MARCH, MAY = (datetime(2024, month, 1, tzinfo=UTC) for month in (1, 3, 5))


def record(url: str = "https://news.test/1", captured: datetime | None = MARCH) -> Captured:
    return Captured("k", 1, url=url, captured_at=captured)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        pytest.param(Wanted(), "", id="no filter takes all"),
        pytest.param(Wanted(since=JANUARY), "", id="captured after since may tell of later"),
        pytest.param(Wanted(since=MAY), "date", id="captured before since cannot"),
        pytest.param(Wanted(until=JANUARY), "", id="captured after until may be older"),
        pytest.param(Wanted(hosts=("news.test",)), "", id="the host itself"),
        pytest.param(Wanted(hosts=("test",)), "", id="a host means its subdomains"),
        pytest.param(Wanted(hosts=("ews.test",)), "host", id="half a label is another host"),
        pytest.param(Wanted(languages=("zh",)), "", id="the language shows only in the text"),
    ],
)
def test_what_address_and_date_tell(wanted: Wanted, reason: str) -> None:
    assert before_reading(record(), wanted) == reason


@pytest.mark.parametrize(
    ("wanted", "published", "reason"),
    [
        pytest.param(Wanted(since=MARCH), MARCH, "", id="since is included"),
        pytest.param(Wanted(until=MARCH), MARCH, "date", id="until is not"),
        pytest.param(Wanted(since=MARCH), JANUARY, "date", id="published before it was captured"),
        pytest.param(Wanted(since=JANUARY, until=MAY), None, "", id="undated counts as captured"),
        pytest.param(Wanted(languages=("en", "zh")), MARCH, "", id="one of the languages"),
        pytest.param(Wanted(languages=("zh",)), MARCH, "language", id="another language"),
    ],
)
def test_what_the_text_tells(wanted: Wanted, published: datetime | None, reason: str) -> None:
    article = Extracted(text="x", language="en", published_at=published)
    assert after_reading(article, record(), wanted) == reason


def test_without_any_date_only_an_open_filter_takes_it() -> None:
    article, undated = Extracted(text="x"), record(captured=None)
    assert after_reading(article, undated, Wanted()) == ""
    assert after_reading(article, undated, Wanted(since=JANUARY)) == "date"


def test_a_page_that_tells_its_address_itself_is_judged_by_it() -> None:
    article = Extracted(text="x", canonical_url="https://www.other.test/a")
    wanted = Wanted(hosts=("news.test",))
    assert before_reading(record(url=""), wanted) == ""
    assert after_reading(article, record(url=""), wanted) == "host"


def test_a_host_lies_under_itself_and_its_parents() -> None:
    assert is_under("a.b.test", {"b.test"})
    assert not is_under("b.test", {"a.b.test"})


@pytest.mark.parametrize(
    ("url", "status", "kind", "reason"),
    [
        pytest.param("https://a.test/x", 200, "text/html; charset=gbk", "", id="a page"),
        pytest.param("https://a.test/x", None, "", "", id="a resource without a type"),
        pytest.param("https://a.test/x", 404, "text/html", "HTTP 404", id="an error page"),
        pytest.param("https://a.test/x", 301, "text/html", "HTTP 301", id="a redirect"),
        pytest.param("https://a.test/x", 200, "image/png", "no page", id="an image"),
        pytest.param("dns:a.test", None, "text/dns", "no page", id="a DNS answer"),
        pytest.param("https://a.test/robots.txt", 200, "text/plain", "no page", id="robots.txt"),
    ],
)
def test_which_records_are_pages(url: str, status: int | None, kind: str, reason: str) -> None:
    assert not_a_page(url, status, kind) == reason


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-01T00:00:00Z", MARCH),
        ("2024-03-01T00:00:00.123456789Z", MARCH.replace(microsecond=123456)),
        ("2024-03-01", MARCH),
        ("2024", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_when_a_record_was_captured(text: str, moment: datetime | None) -> None:
    assert captured_at(text) == moment


@pytest.mark.parametrize(
    ("head", "path", "url"),
    [
        pytest.param(
            b"<!DOCTYPE html>\n<!-- saved from url=(0019)https://a.test/x?y=1 -->\n<html>",
            "x.html", "https://a.test/x?y=1", id="saved by a browser",
        ),
        pytest.param(
            b"<html>", "www.a-b.test/2024/x.html", "https://www.a-b.test/2024/x.html",
            id="a mirror's path",
        ),
        pytest.param(b"<html>", "a.test/index.html", "https://a.test/", id="a mirror's front"),
        pytest.param(b"<html>", "x.html", "", id="a file alone tells nothing"),
        pytest.param(b"<html>", "pages/x.html", "", id="a folder that is no host"),
        pytest.param(b"<html>", "x.html/y.html", "", id="a folder named like a page"),
    ],
)  # fmt: skip
def test_where_a_saved_page_came_from(head: bytes, path: str, url: str) -> None:
    assert address_of(head, path) == url
