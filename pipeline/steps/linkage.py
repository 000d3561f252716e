"""Joins things by average linkage: groups merge while their members are alike on average."""

import heapq
from collections.abc import Iterable, Mapping

Pair = tuple[int, int]


def link(count: int, scores: Mapping[Pair, float], *, threshold: float) -> list[list[int]]:
    """Return the groups of 0 … count-1, each ascending, in the order of their first members.

    `scores` holds pairs (low, high); a pair that is missing scores 0. Average linkage (Sokal
    and Michener 1958) cannot chain: a member alike to one of ten does not join the ten. The
    most alike merge first; equals by their first members. About n log n in the pairs.
    """
    groups: dict[int, list[int]] = {member: [member] for member in range(count)}
    sums: dict[int, dict[int, float]] = {member: {} for member in range(count)}
    for (low, high), score in scores.items():
        sums[low][high] = sums[high][low] = score
    heap = [(-score, low, high) for (low, high), score in scores.items() if score >= threshold]
    heapq.heapify(heap)
    while heap:
        negative, low, high = heapq.heappop(heap)
        if -negative == _mean(groups, sums, low, high):
            _merge(groups, sums, low, high)
            for other in sums[low]:
                mean = _mean(groups, sums, low, other)
                if mean >= threshold:
                    heapq.heappush(heap, (-mean, min(low, other), max(low, other)))
    return [sorted(groups[first]) for first in sorted(groups)]


def _mean(
    groups: Mapping[int, list[int]], sums: Mapping[int, Mapping[int, float]], one: int, other: int
) -> float:
    """Return the mean score between two groups; nothing equals that of groups merged away."""
    if one not in groups or other not in groups:
        return -1.0
    return sums[one].get(other, 0.0) / (len(groups[one]) * len(groups[other]))


def _merge(
    groups: dict[int, list[int]], sums: dict[int, dict[int, float]], low: int, high: int
) -> None:
    groups[low] += groups.pop(high)
    moved = sums.pop(high)
    for other in sorted(moved):
        del sums[other][high]
        if other != low:
            total = sums[low].get(other, 0.0) + moved[other]
            sums[low][other] = sums[other][low] = total


def pairs_of(members: Iterable[int]) -> list[Pair]:
    """Return all pairs (low, high) of some members."""
    ordered = sorted(members)
    return [(low, high) for at, low in enumerate(ordered) for high in ordered[at + 1 :]]
