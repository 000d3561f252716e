"""Pages built to keep a parser busy end at a limit, with a reason, and cost only themselves."""

import resource
import sys
from collections.abc import Callable

import pytest

from pipeline.adapters.workers import PebbleWorkers
from pipeline.models.articles import Extracted, PageTask
from pipeline.models.policies import WorkPolicy
from pipeline.ports import WorkerFailure
from pipeline.steps.extraction import extract, warm_up

MIB = 1024 * 1024
STORY = "".join(
    f"<p>The foundry said that its {place} plant would open in March, a year later than planned,"
    f" and that wafers from {place} would go to two customers first.</p>"
    for place in ("northern", "southern", "eastern", "western")
)


def attributes(value: str) -> str:
    return " ".join(f'a{n}="{value}"' for n in range(50_000))


def around(hostile: str) -> bytes:
    return f"<html><body><article>{STORY}</article>{hostile}</body></html>".encode()


READ, REFUSED, TIMEOUT = "read", "error", "timeout"
PAGES: dict[str, tuple[Callable[[], bytes], str]] = {
    "a tag of 50,000 attributes": (lambda: around(f"<div {attributes('v')}>x</div>"), READ),
    "50,000 attributes that hide their tag's end": (
        lambda: around(f"<div {attributes('>')}>x</div>"),
        TIMEOUT,
    ),
    "100,000 links": (lambda: around("<a href='/x'>link</a> " * 100_000), REFUSED),
    "200,000 short divisions": (lambda: around("<div>x</div>" * 200_000), REFUSED),
    "20,000 nested quotations": (lambda: around("<blockquote>" * 20_000), READ),
    "50,000 table rows": (lambda: around("<table>" + "<tr><td>1</td></tr>" * 50_000), REFUSED),
    "250,000 opened comments": (lambda: around("<!--" * 250_000), REFUSED),
    "JSON-LD nested 100,000 deep": (
        lambda: around(f'<script type="application/ld+json">{"[" * 100_000}</script>'),
        READ,
    ),
    "null bytes and other controls": (lambda: around("\x00\x01\x0b\x7f"), READ),
    "lone surrogates": (lambda: around("x").replace(b"x", b"\xed\xa0\x80\xed\xb0\x80"), READ),
    "one byte over 5 MB": (lambda: around(" " * (5_000_001 - len(around("")))), REFUSED),
    "a PDF": (lambda: b"%PDF-1.7\n" + bytes(100_000), REFUSED),
    "300 levels around the text": (lambda: around("").replace(b"<p>", b"<div>" * 300, 1), "stub"),
}  # fmt: skip


def measured(task: PageTask) -> tuple[Extracted, int]:
    """Return the article and the worker's largest resident size in MiB."""
    found = extract(task)
    unit = 1024 if sys.platform == "linux" else 1
    return found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // MIB


@pytest.fixture(scope="module")
def outcomes() -> dict[str, tuple[Extracted, int] | WorkerFailure]:
    """Extract every hostile page, an honest one between each two, by the same two workers."""
    names = [name for hostile in PAGES for name in (f"honest page before {hostile}", hostile)]
    tasks = [
        PageTask(n, "https://chips.example/a", PAGES[name][0]() if name in PAGES else around(""))
        for n, name in enumerate(names)
    ]
    with PebbleWorkers(WorkPolicy(processes=2, timeout_s=12), warm_up=warm_up) as workers:
        return {names[task.article_id]: found for task, found in workers.run_all(measured, tasks)}


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_ends_with_a_reason(
    name: str, outcomes: dict[str, tuple[Extracted, int] | WorkerFailure]
) -> None:
    outcome = outcomes[name]
    if isinstance(outcome, WorkerFailure):
        assert (outcome.reason, bool(outcome.detail)) == (PAGES[name][1], True), outcome
    else:
        found, _ = outcome
        assert PAGES[name][1] == ("stub" if found.stub else READ)
        assert bool(found.text) == (not found.stub)


def test_every_honest_page_beside_them_is_read(
    outcomes: dict[str, tuple[Extracted, int] | WorkerFailure],
) -> None:
    honest = [outcome for name, outcome in outcomes.items() if name.startswith("honest")]
    assert len(honest) == len(PAGES)
    texts = {o[0].text for o in honest if not isinstance(o, WorkerFailure)}
    assert len(texts) == 1
    assert not [o for o in honest if isinstance(o, WorkerFailure)]


def test_no_worker_grew_beyond_512_mib(
    outcomes: dict[str, tuple[Extracted, int] | WorkerFailure],
) -> None:
    sizes = [o[1] for o in outcomes.values() if not isinstance(o, WorkerFailure)]
    assert max(sizes) < 512


def test_what_the_store_cannot_hold_is_gone_from_the_text(
    outcomes: dict[str, tuple[Extracted, int] | WorkerFailure],
) -> None:
    for name in ("null bytes and other controls", "lone surrogates"):
        outcome = outcomes[name]
        assert not isinstance(outcome, WorkerFailure)
        said = outcome[0].title + outcome[0].text
        assert "\x00" not in said
        said.encode("utf-8")
