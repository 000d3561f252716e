"""robots.txt: groups, patterns, delays, as RFC 9309 has them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.robots import (
    ALLOW_ALL,
    DISALLOW_ALL,
    RobotsRules,
    allows,
    matches,
    parse,
    rules_for,
    to_text,
)


@pytest.mark.parametrize(
    ("pattern", "path", "matched"),
    [
        ("/", "/anything", True),
        ("/fish", "/fish.html", True),
        ("/fish", "/Fish", False),
        ("/fish", "/catfish", False),
        ("/fish*", "/fishheads/yummy.html", True),
        ("/*.php", "/folder/filename.php?x=1", True),
        ("/*.php$", "/folder/filename.php", True),
        ("/*.php$", "/folder/filename.php?x=1", False),
        ("/*.php$", "/a.php/b.php", True),
        ("/fish*.php", "/fishheads/catfish.php", True),
        ("/fish*.php", "/Fish.PHP", False),
        ("/a*b*c", "/a-b-c", True),
        ("/a*b*c", "/a-c-b", False),
        ("/a*a$", "/a", False),
        ("/$", "/", True),
        ("/$", "/a", False),
        ("*", "/a", True),
        ("$", "/a", False),
    ],
)
def test_a_pattern_matches_from_the_start_with_star_and_dollar(
    pattern: str, path: str, matched: bool
) -> None:
    assert matches(pattern, path) == matched


def test_a_pattern_of_many_stars_is_no_trap() -> None:
    assert not matches("/" + "*a" * 1000 + "b$", "/" + "a" * 8000)


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        pytest.param("", "/a", True, id="empty"),
        pytest.param("User-agent: *\nDisallow:", "/a", True, id="an empty Disallow"),
        pytest.param("User-agent: *\nDisallow: /", "/a", False, id="everything"),
        pytest.param("User-agent: *\nDisallow: /", "/robots.txt", True, id="robots.txt itself"),
        pytest.param(
            "User-agent: *\nDisallow: /p\nAllow: /pub", "/public", True, id="the longest wins"
        ),
        pytest.param(
            "User-agent: *\nAllow: /page\nDisallow: /*.htm", "/page.htm", False, id="stars count"
        ),
        pytest.param("User-agent: *\nDisallow: /f\nAllow: /f", "/f", True, id="allow wins a draw"),
        pytest.param(
            "User-agent: chipwire\nAllow: /\n\nUser-agent: *\nDisallow: /",
            "/a",
            True,
            id="our own group before everyone's",
        ),
        pytest.param(
            "User-agent: ChipWire/2.0 (news)\nDisallow: /", "/a", False, id="by product, any case"
        ),
        pytest.param("User-agent: chip\nDisallow: /", "/a", True, id="no prefix of our name"),
        pytest.param(
            "User-agent: a\nUser-agent: chipwire\nDisallow: /", "/a", False, id="a shared group"
        ),
        pytest.param(
            "User-agent: chipwire\nDisallow: /a\n\nUser-agent: b\nDisallow: /\n\n"
            "User-agent: chipwire\nDisallow: /c",
            "/c",
            False,
            id="our group in two places",
        ),
        pytest.param(
            "User-agent: *\n# all\n\nDisallow: /a # the letter\n",
            "/a",
            False,
            id="comments",
        ),
        pytest.param("user-AGENT:*\rDISALLOW:/a", "/a", False, id="case, no blanks, CR"),
        pytest.param("\ufeffUser-agent: *\nDisallow: /", "/a", False, id="a byte order mark"),
        pytest.param("Disallow: /", "/a", True, id="a rule before any group"),
        pytest.param(
            "User-agent: *\nSitemap: http://a.test/s.xml\nDisallow: /a", "/a", False, id="sitemaps"
        ),
        pytest.param("User-agent: *\nDisallow: /ü", "/%C3%BC", False, id="encoded alike"),
        pytest.param("User-agent: *\nDisallow: /%c3%bc", "/ü", False, id="escapes in any case"),
        pytest.param("User-agent: *\nDisallow: /*?", "/a?b", False, id="queries"),
        pytest.param("<html><body>404</body></html>", "/a", True, id="a web page"),
    ],
)
def test_what_a_robots_txt_allows(robots: str, path: str, allowed: bool) -> None:
    assert allows(parse(robots), path) == allowed


@pytest.mark.parametrize(
    ("line", "delay"),
    [
        ("Crawl-delay: 5", 5.0),
        ("crawl-delay: 0.5", 0.5),
        ("Crawl-delay: 86400", 120.0),
        ("Crawl-delay: 99999999999999999999", 0.0),
        ("Crawl-delay: -1", 0.0),
        ("Crawl-delay: soon", 0.0),
        ("Crawl-delay: 1e9", 0.0),
        ("Crawl-delay:", 0.0),
    ],
)
def test_a_crawl_delay_is_seconds_up_to_two_minutes(line: str, delay: float) -> None:
    assert parse(f"User-agent: *\n{line}").crawl_delay_s == delay


@pytest.mark.parametrize(
    ("status", "rules"),
    [(200, DISALLOW_ALL), (404, ALLOW_ALL), (401, ALLOW_ALL), (500, DISALLOW_ALL),
     (503, DISALLOW_ALL), (0, DISALLOW_ALL), (None, DISALLOW_ALL), (302, ALLOW_ALL)],
)  # fmt: skip
def test_the_status_decides_before_the_text(status: int | None, rules: RobotsRules) -> None:
    assert rules_for(status, "User-agent: *\nDisallow: /") == rules


@given(st.binary(max_size=400))
def test_any_bytes_are_read_and_what_is_kept_reads_back_the_same(robots: bytes) -> None:
    rules = parse(b"User-agent: *\n" + robots)
    assert parse(to_text(rules)) == rules


@given(st.text("/ab*$", max_size=8), st.text("/ab", min_size=1, max_size=10))
def test_matching_agrees_with_a_regular_expression(pattern: str, path: str) -> None:
    anchored = pattern.endswith("$")
    body = pattern[:-1] if anchored else pattern
    expression = ".*".join(re.escape(piece) for piece in body.split("*"))
    wanted = re.match(expression + (r"\Z" if anchored else ""), path, re.DOTALL) is not None
    assert matches(pattern, path) == wanted
