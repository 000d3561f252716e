"""Parses mutated feeds by the thousand and reports what they cost and what they raised.

    python -m benchmarks.fuzz_feeds [--cases 10000] [--seed 1]

A case may only end in entries or a ParseError. One over ten seconds of processor time would
be killed by the worker; here it is interrupted and counted.
"""

import argparse
import random
import signal
import time
import traceback
from collections import Counter
from datetime import UTC, datetime

from pipeline.errors import ParseError
from pipeline.steps.feeds import parse
from tests.steps.feeds.mutations import mutate

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIMIT_S = 10


class OverLimit(BaseException):
    """A case ran into the worker's limit."""


def main() -> None:
    """Print outcomes, the slowest cases and every exception that is no ParseError."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    signal.signal(signal.SIGPROF, interrupt)
    outcomes: Counter[str] = Counter()
    costs: list[tuple[float, int]] = []
    for case in range(chosen.cases):
        outcome, seconds = run_case(chosen.seed * 1_000_003 + case)
        outcomes[outcome] += 1
        costs.append((seconds, case))
    costs.sort(reverse=True)
    print(
        f"{chosen.cases} cases, seed {chosen.seed}, {sum(cost for cost, _ in costs):.0f} s of CPU"
    )
    for outcome, count in outcomes.most_common():
        print(f"{count:8} {outcome}")
    print(f"over 1 s: {sum(cost > 1 for cost, _ in costs)}")
    print("slowest: " + ", ".join(f"{cost:.2f} s (case {case})" for cost, case in costs[:5]))


def run_case(seed: int) -> tuple[str, float]:
    """Parse one mutated feed; return how it ended and its processor seconds."""
    body = mutate(random.Random(seed))
    signal.setitimer(signal.ITIMER_PROF, LIMIT_S)
    start = time.process_time()
    try:
        feed = parse(body, content_type="", url="https://a.test/feed", now=NOW)
        outcome = f"entries ({'cut off' if feed.truncated else 'whole'})"
    except ParseError as error:
        outcome = f"ParseError: {error.what}"
    except OverLimit:
        outcome = f"OVER {LIMIT_S} s (seed {seed})"
    except Exception as error:  # noqa: BLE001 - what is being looked for
        outcome = f"RAISED {type(error).__name__} (seed {seed})"
        traceback.print_exc(limit=-3)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return outcome, time.process_time() - start


def interrupt(_number: int, _frame: object) -> None:
    """End the case that used up its time."""
    raise OverLimit


if __name__ == "__main__":
    main()
