"""Bytes to text: which charset a page is really in, whatever it says."""

import codecs
import re

_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,400}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKED = tuple(bom for bom, _ in _BOMS)
# The superset that browsers read a label as (WHATWG Encoding Standard, 4.2).
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
_SNIFFED = 20_000  # bytes shown to the detector
# chardet says .58 to .69 for Chinese, Japanese and Korean, .47 for Russian, .03 to .13 for
# Latin scripts, which look alike to it: there a label knows better.
_SURE = 0.4


def as_utf8(body: bytes, content_type: str = "") -> bytes:
    """Return the page in UTF-8, as `decode` reads it; most are as they come.

    To decode and encode those again took as long as a third of parsing them.
    """
    if not body.startswith(_MARKED) and b"\x1b$" not in body[:_SNIFFED]:
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return body
    return decode(body, content_type).encode("utf-8", "surrogatepass")


def decode(body: bytes, content_type: str = "") -> str:
    """Return the page's text; bytes that fit no charset become U+FFFD.

    Valid UTF-8 is believed before any label (text in other charsets is almost never valid
    UTF-8 by accident), then a detector that is sure, then what header and page say.
    """
    for bom, charset in _BOMS:
        if body.startswith(bom):
            return body.decode(charset, "replace")
    if b"\x1b$" in body[:_SNIFFED] and (text := _strictly(body, "iso2022_jp")):
        return text
    text = body.decode("utf-8", "replace")
    if _mostly_valid(text):
        return text
    detected, sure = _detected(body)
    labels = _labels(body, content_type)
    for charset in (detected, *labels) if sure else (*labels, detected):
        if charset and (read := _strictly(body, charset)) is not None:
            return read
    return text


def _mostly_valid(text: str) -> bool:
    """Tell broken UTF-8 (one cut character) from another charset (most of them broken)."""
    broken = text.count("\ufffd")
    if not broken:
        return True
    beyond_ascii = sum(character > "\x7f" for character in text)
    return broken * 20 < beyond_ascii


def _labels(body: bytes, content_type: str) -> list[str]:
    """Return the charsets that header and page name, the header's first (HTML, 13.2.3)."""
    header = _HEADER_CHARSET.search(content_type)
    meta = _META_CHARSET.search(body[:4096])
    named = [header.group(1)] if header else []
    named += [meta.group(1).decode("ascii", "replace")] if meta else []
    return [charset for name in named if (charset := _known(name))]


def _known(name: str) -> str:
    try:
        charset = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return _SUPERSETS.get(charset, charset)


def _detected(body: bytes) -> tuple[str, bool]:
    """Return the charset the bytes look like, and whether that outweighs a label."""
    import chardet

    # Between tags only: chardet would believe the meta tag that is in question. No charset
    # has < or > as a part of another character.
    texts = (text for text in re.split(rb"[<>]", body) if not text.isascii())
    found = chardet.detect(b"\n".join(texts)[:_SNIFFED])
    return _known(found["encoding"] or ""), found["confidence"] >= _SURE


def _strictly(body: bytes, charset: str) -> str | None:
    """Return the text, forgiving one broken character in a thousand."""
    text = body.decode(charset, "replace")
    return text if text.count("\ufffd") * 1000 <= len(text) else None
