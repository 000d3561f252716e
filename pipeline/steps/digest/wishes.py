"""What digests and alerts ask for that does not exist: topics and companies misspelt."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pipeline.models.policies import AlertPolicy, DigestPolicy


@dataclass(frozen=True, slots=True)
class Vain:
    """A name that is asked for in vain: by whom, under which key, and what is wrong with it."""

    reader: DigestPolicy | AlertPolicy
    key: str
    said: str


def unknown(
    readers: Sequence[DigestPolicy | AlertPolicy],
    *,
    topics: Collection[str],
    companies: Collection[str],
) -> list[Vain]:
    """Return each topic and company that a digest or alert names in vain.

    Such a wish is never met: the reader would wait for ever without a word. Companies are
    compared without regard to capitals, as the digests do.
    """
    by_small_letters = {name.casefold(): name for name in companies}
    by_name = {name: name for name in topics}

    def found() -> Iterator[Vain]:
        for reader in readers:
            for topic in reader.topics:
                if topic not in by_name:
                    yield Vain(reader, "topics", f"no topic {topic!r}{nearest(topic, by_name)}")
            for company in reader.companies:
                if company.casefold() not in by_small_letters:
                    close = nearest(company.casefold(), by_small_letters)
                    yield Vain(reader, "companies", f"no company {company!r}{close}")

    return list(found())


def nearest(name: str, known: Mapping[str, str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {known[close[0]]!r}?" if close else ""
