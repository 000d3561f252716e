"""What the baseline claimed, in the few words a digest shows beside the news."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.models.digests import Candidate


def quoting(candidates: Iterable[Candidate], claims: Mapping[int, str]) -> tuple[Candidate, ...]:
    """Return the candidates with each statement cut down to its claim.

    `claims` holds the words by the statement's line; a statement of no claim is background,
    and is shown beside nothing. Without any claims all stay as they are.
    """
    return tuple(quoted(one, claims) if claims else one for one in candidates)


def quoted(candidate: Candidate, claims: Mapping[int, str]) -> Candidate:
    if candidate.statement is None:
        return candidate
    words = claims.get(candidate.statement.line)
    if words is None:  # stored by a version that held news against background, too
        return replace(candidate, statement=None, strength=0.0)
    return replace(candidate, statement=replace(candidate.statement, text=words))
