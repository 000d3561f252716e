"""Decides which of an entry's links can be fetched, as an absolute http(s) address."""

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

MAX_URL = 4_096
_BLANK = re.compile(r"[\x00-\x20\x7f\u2028\u2029\u200b\ufeff]")
_INNER_CONTROL = re.compile(r"[\t\r\n\x00-\x1f\x7f]")
# Percent-encode what HTTP cannot carry, leave what is already encoded (RFC 3986, section 2).
_SAFE = "/%:=&?~#+!$,;'@()*[]|"
_AGGREGATORS = {"news.google.com": ("/rss/articles/", "/articles/", "/read/", "/__i/rss/")}


def clean_link(raw: str, base: str = "") -> str:
    """Return the absolute http(s) address, or "" where there is none to fetch.

    Relative links are resolved against `base`; `javascript:`, `data:`, `file:`, `tag:`,
    `at://`, addresses with a password or longer than 4,096 characters are none.
    Idempotent.
    """
    text = _INNER_CONTROL.sub("", raw.strip()).strip()
    while "&amp;" in text:
        text = text.replace("&amp;", "&")
    if not text or len(text) > MAX_URL:
        return ""
    if text.lower().startswith("www."):
        text = "https://" + text
    try:
        # Not joined: urljoin takes "https:" alone, or "https:/x", for relative.
        whole = text.lower().startswith(("http:", "https:"))
        parts = urlsplit(text if whole else urljoin(base, text))
        host = parts.hostname or ""
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    if _BLANK.search(parts.netloc) or port == 0:
        return ""
    path, query, fragment = (quote(part, safe=_SAFE) for part in parts[2:])
    address = urlunsplit((parts.scheme, parts.netloc.lower(), path, query, fragment))
    return address if len(address) <= MAX_URL else ""


def is_opaque(url: str) -> bool:
    """Return whether the address hides the publisher's (Google News since 2024)."""
    parts = urlsplit(url)
    return parts.path.startswith(_AGGREGATORS.get(parts.hostname or "", ("\0",)))


def is_address(text: str) -> bool:
    """Return whether a guid can stand in for a missing link."""
    return text.startswith(("http://", "https://", "/"))
