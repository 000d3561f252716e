"""Fetch to store beside the scripts a user would write and bare extraction."""

import tempfile
from pathlib import Path

from benchmarks import whole_chain
from benchmarks.chain_site import load_pages
from benchmarks.results import OURS, Bar, Group, Measured, Options
from benchmarks.whole_chain import FAR_S, Medians, Set


def measure(options: Options) -> Measured:
    pages = len(load_pages(options.pages))
    asked = Set(options.pages, pages, options.peer_python, options.rounds)
    with tempfile.TemporaryDirectory() as models:
        near = whole_chain.measure(asked, latency_s=0.0, models=Path(models))
        groups = [side("One article, fetch to store", near)]
        bars = list(kept(near, whole_chain.NEAR_BARS, where=""))
        if options.peer_python:
            alone = Set(options.pages, pages, options.peer_python, 1)
            far = whole_chain.measure(alone, latency_s=FAR_S, models=Path(models))
            groups.append(side("One article, server 300 ms away", far))
            bars += kept(far, whole_chain.FAR_BARS, where=", server 300 ms away")
    what = "news pages" if options.pages else "newsroom pages"
    said = f"{pages} {what}, two processes, {options.rounds} rounds, ours before and after each"
    return Measured(groups, bars, said)


def side(title: str, medians: Medians) -> Group:
    ordered = sorted(medians, key=lambda name: name != OURS)
    return Group(title, "ms on the clock", {name: medians[name]["wall_ms"] for name in ordered})


def kept(medians: Medians, bars: tuple[whole_chain.Bar, ...], *, where: str) -> list[Bar]:
    found = []
    for bar in bars:
        if bar.other not in medians:
            continue
        other = medians[bar.other]
        if bar.measure == "speed":
            speed = other["wall_of_ours"]
            what = f"whole chain, speed against {bar.other}{where}"
            found.append(Bar(what, speed, sign="≥", limit=bar.limit))
        else:
            cost = 1 / other["cpu_of_ours"]
            what = f"whole chain, processor time against {bar.other}{where}"
            found.append(Bar(what, cost, sign="≤", limit=bar.limit))
    return found
