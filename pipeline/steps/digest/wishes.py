"""What digests and alerts ask for that does not exist: topics and companies misspelt."""

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

from pipeline.models.policies import AlertPolicy, DigestPolicy


def unknown(
    readers: Sequence[DigestPolicy | AlertPolicy],
    *,
    topics: Collection[str],
    companies: Collection[str],
) -> list[str]:
    """Return a sentence for each topic and company that a digest or alert names in vain.

    Such a wish is never met: the reader would wait for ever without a word. Companies are
    compared without regard to capitals, as the digests do.
    """
    by_small_letters = {name.casefold(): name for name in companies}
    by_name = {name: name for name in topics}
    faults: list[str] = []
    for reader in readers:
        kind = "alert" if isinstance(reader, AlertPolicy) else "digest"
        place = f"{kind} {reader.name!r}"
        faults += [
            f"{place}: no topic {topic!r}{nearest(topic, by_name)}"
            for topic in reader.topics
            if topic not in by_name
        ]
        faults += [
            f"{place}: no company {company!r}{nearest(company.casefold(), by_small_letters)}"
            for company in reader.companies
            if company.casefold() not in by_small_letters
        ]
    return faults


def nearest(name: str, known: Mapping[str, str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {known[close[0]]!r}?" if close else ""
