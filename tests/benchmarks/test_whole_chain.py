"""The parts of the whole-chain benchmark, tiny and untimed: what it serves and what it says."""

from pathlib import Path

import pytest

from benchmarks.chain_site import PER_HOST, address, host_number, hosts, load_pages, render
from benchmarks.whole_chain import (
    FLOOR_ALONE,
    NEAR_BARS,
    NEWSPAPER,
    OURS,
    Set,
    commands,
    per_article,
    table,
)

PAGES = [f"page {number}".encode() for number in range(PER_HOST + 2)]


@pytest.mark.parametrize(
    ("host", "number"),
    [("h0.test", 0), ("h12.test", 12), ("127.0.0.1:8000", 0), ("127.0.0.13:8000", 12)],
)
def test_both_names_of_a_host_lead_to_the_same_pages(host: str, number: int) -> None:
    assert host_number(host) == number


@pytest.mark.parametrize("number", [0, 249, 250, 999])
def test_a_thousand_hosts_have_addresses_of_their_own(number: int) -> None:
    assert host_number(f"{address(number)}:8000") == number


def test_made_up_pages_are_as_many_as_asked_for_and_all_differ() -> None:
    assert len(set(load_pages(20))) == 20


def test_the_feeds_together_announce_every_page_once() -> None:
    announced = [
        number
        for host in range(hosts(len(PAGES)))
        for number in range(len(PAGES))
        if f"http://h{host}.test/page/{number}<".encode()
        in render(f"h{host}.test", "/feed", PAGES)[2]
    ]
    assert announced == list(range(len(PAGES)))


def test_a_page_is_served_and_robots_txt_is_not_there() -> None:
    assert render("h1.test", "/page/7", PAGES) == (200, "text/html; charset=utf-8", b"page 7")
    assert render("h1.test", "/robots.txt", PAGES)[0] == 404


def test_a_contender_that_leaves_pages_out_is_refused() -> None:
    with pytest.raises(ValueError, match="1 of 2 pages"):
        per_article([{"articles": 1, "wall_s": 1.0}], 2)


def test_the_median_round_counts() -> None:
    rounds = [
        {"articles": 2, "wall_s": seconds, "wall_of_ours": times, "peak_mib": 1.0}
        for seconds, times in ((9.0, 2.0), (1.0, 4.0), (3.0, 3.0))
    ]
    assert per_article(rounds, 2) == {"wall_ms": 1500.0, "wall_of_ours": 3.0}


def test_a_contender_that_could_not_run_is_named_and_a_missed_bar_too() -> None:
    medians = {
        OURS: {"wall_ms": 10.0, "cpu_ms": 20.0, "parent_cpu_ms": 1.0},
        FLOOR_ALONE: {"wall_ms": 10.0, "cpu_ms": 10.0, "cpu_of_ours": 0.5},
    }
    report = "\n".join(table(medians, NEAR_BARS))
    assert f"NOT MEASURED: {NEWSPAPER}" in report
    assert "2.00 x" in report and "MISSED" in report


def test_without_their_interpreter_the_peers_are_left_out(tmp_path: Path) -> None:
    asked = Set(None, 2, "", 1)
    near = dict(commands(asked, 80, tmp_path, far=False))
    assert FLOOR_ALONE in near and NEWSPAPER not in near
    far = dict(commands(Set(None, 2, "python", 1), 80, tmp_path, far=True))
    assert set(far) == {NEWSPAPER}
