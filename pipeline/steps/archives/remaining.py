"""How much longer a backfill will take, said only as exactly as it is known."""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_S = 5.0  # before that the first pages, which start the workers, tell nothing
WIDE = 1.3  # two rates that differ by more are told as a span


@dataclass(frozen=True, slots=True)
class Sample:
    """How much was done at a moment; seconds by any clock that only goes forward."""

    at_s: float
    done: int


def remaining(samples: Sequence[Sample], size: int) -> tuple[float, float] | None:
    """Return the fewest and the most seconds that are left, or None while nobody can know.

    The span lies between the rate of the whole run and that of its latest third: archives are
    uneven, and one number would claim what it cannot keep.
    """
    if len(samples) < 2 or samples[-1].at_s - samples[0].at_s < LEAST_S:
        return None
    last = samples[-1]
    since = last.at_s - (last.at_s - samples[0].at_s) / 3
    recent = max((one for one in samples if one.at_s <= since), key=lambda one: one.at_s)
    rates = [rate(samples[0], last), rate(recent, last)]
    if min(rates) <= 0:
        return None
    left = max(0, size - last.done)
    return left / max(rates), left / min(rates)


def rate(first: Sample, last: Sample) -> float:
    return (last.done - first.done) / (last.at_s - first.at_s)


def in_words(span: tuple[float, float] | None) -> str:
    """Return the span as a person says it: "about 4 min left", "3 to 6 min left"."""
    if span is None:
        return ""
    fewest, most = span
    if most <= fewest * WIDE:
        return f"about {amount(most)} left"
    if unit(fewest) == unit(most):
        return f"{amount(fewest).split()[0]} to {amount(most)} left"
    return f"{amount(fewest)} to {amount(most)} left"


UNITS = ((86_400.0, "days"), (3_600.0, "h"), (60.0, "min"), (1.0, "s"))


def unit(seconds: float) -> tuple[float, str]:
    # Two of the larger unit at least, so that rounding hides no more than a quarter.
    return next((pair for pair in UNITS if seconds >= 2 * pair[0]), UNITS[-1])


def amount(seconds: float) -> str:
    length, name = unit(seconds)
    return f"{max(1, round(seconds / length))} {name}"
