"""Lists of addresses: pages that are still where they were, fetched politely."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence

from pipeline.models.archives import Captured, Unit
from pipeline.models.pages import Request, Response
from pipeline.ports import Fetcher
from pipeline.steps import pages

Worth = Callable[[str], bool]  # whether an address is worth a request


class AddressArchive:
    """The pages at a list of addresses; `position` counts them as they come.

    An address that failed for now is asked again by the next run, one that failed for good
    or brought its page is not.
    """

    unit: Unit = "pages"
    keyed = True

    def __init__(self, name: str, urls: Sequence[str], fetcher: Fetcher, *, worth: Worth) -> None:
        self.name = name
        # A list that grows stays the same list.
        self.identity = f"addresses:{hashlib.sha256(name.encode()).hexdigest()}"
        self.size = len(urls)
        self._urls, self._fetcher, self._worth = urls, fetcher, worth

    def records(self, _after: int, settled: Collection[str]) -> Iterator[Captured]:
        """Yield each page that is worth a request, as it comes."""
        left = [url for url in self._urls if url not in settled and self._worth(url)]
        passed = self.size - len(left)
        asked = self._fetcher.fetch_all([Request(url) for url in left])
        for position, (request, came) in enumerate(asked, start=passed + 1):
            problem = pages.setback(came)
            if problem is not None or not isinstance(came, Response):
                reason, final = (problem.reason, problem.final) if problem else ("", False)
                yield Captured(request.url, position, reason=reason, faulty=True, settled=final)
                continue
            kind = came.headers.get("content-type", "")
            yield Captured(request.url, position, url=came.url, content_type=kind, body=came.body)


def addresses_in(text: str) -> list[str]:
    """Return the addresses of a list, one a line, each once; lines beginning with # are notes.

    A line that is neither makes it no list: the result is empty.
    """
    found: dict[str, None] = {}
    for line in text.splitlines():
        url = line.strip()
        if not url or url.startswith("#"):
            continue
        if not url.startswith(("http://", "https://")) or any(char.isspace() for char in url):
            return []
        found[url] = None
    return list(found)
