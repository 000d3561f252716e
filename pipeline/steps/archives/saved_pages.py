"""Where a saved page came from, as far as the file and its path tell."""

import re

# What browsers write into a page they save ("mark of the web"): the length, then the address.
_SAVED_FROM = re.compile(rb"<!-- saved from url=\(\d{4}\)(https?://[^\s>]+) -->")
# The first folder of a mirror (wget -r, httrack) is the host: letters, a dot, a known shape.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}", re.IGNORECASE)
_NOT_TOP_LEVEL = (".html", ".htm", ".xhtml", ".shtml")
_LOOK = 4_096


def address_of(body: bytes, path: str) -> str:
    """Return the address a saved page came from, or "" where only the page itself can tell.

    `path` is relative to the archive's root, with forward slashes.
    """
    saved = _SAVED_FROM.search(body[:_LOOK])
    if saved:
        return saved[1].decode("ascii", "ignore")
    host, _, rest = path.partition("/")
    if not rest or not _HOST.fullmatch(host) or host.lower().endswith(_NOT_TOP_LEVEL):
        return ""
    return f"https://{host.lower()}/{rest.removesuffix('index.html')}"
