"""Finds out in which encoding a document really is, and decodes it.

Bytes in, text out; never fails. feedparser's own detection feeds the whole body to
chardet and gives up on a single bad byte; this one samples and counts.
"""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16 LE, which is its prefix
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# "<?" or "<" and the next character in encodings without a byte order mark (XML 1.0, appendix F).
_WIDE_STARTS = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
# What the label means in practice: the superset browsers use (WHATWG Encoding, "labels").
_SUPERSETS = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "windows-949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
}
_SINGLE_BYTE_FALLBACK = "cp1252"
_DECLARED_IN_XML = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{1,40})")
_DECLARED_IN_HTTP = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_NON_ASCII = re.compile(rb"[\x80-\xff]")
_SAMPLE_BYTES = 32_768  # enough for chardet; the whole of a 10 MiB body costs it seconds
_SURE_NON_ASCII = 24  # a dozen CJK characters in a legacy encoding never form valid UTF-8 by chance


def decode(body: bytes, content_type: str = "") -> tuple[str, tuple[str, ...]]:
    """Return the text and what had to be assumed or repaired to read it.

    A few bad bytes are replaced and noted; a label most of the bytes contradict loses.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _lenient(body.removeprefix(codecs.BOM_UTF8), encoding)
    for start, encoding in _WIDE_STARTS:
        if body.lstrip(b"\r\n\t ")[:4].startswith(start):
            return _lenient(body, encoding)
    if body.isascii() and b"\x1b" not in body:
        return body.decode("ascii"), ()
    declared = _declared(body, content_type)
    for encoding in _candidates(body, declared):
        text = _try(body, encoding)
        if text is not None:
            label = declared[0] if declared else "utf-8"
            return text, _notes(text, encoding, label)
    text, notes = _lenient(body, _SINGLE_BYTE_FALLBACK)
    return text, ("encoding unknown: read as windows-1252", *notes)


def _declared(body: bytes, content_type: str) -> list[str]:
    """List the encodings the transport and the document name, the transport first (RFC 7303)."""
    labels: list[str] = []
    if found := _DECLARED_IN_HTTP.search(content_type):
        labels.append(found.group(1))
    if found_in_xml := _DECLARED_IN_XML.search(body[:1024]):
        labels.append(found_in_xml.group(1).decode("ascii"))
    known = (_known(label) for label in labels)
    # A document whose declaration could be read as ASCII is not UTF-16, whatever it says.
    return [label for label in known if label and not label.startswith(("utf-16", "utf-32"))]


def _known(label: str) -> str:
    name = _SUPERSETS.get(label.lower(), label.lower())
    try:
        codec = codecs.lookup(name)
    except LookupError:
        return ""
    # Python also lists codecs that are no character sets ("hex", "zip", "rot13").
    return codec.name if getattr(codec, "_is_text_encoding", True) else ""


def _candidates(body: bytes, declared: list[str]) -> list[str]:
    order = list(declared)
    sure = len(_NON_ASCII.findall(body[:_SAMPLE_BYTES])) >= _SURE_NON_ASCII
    if (sure and b"\x1b" not in body[:_SAMPLE_BYTES]) or set(order) <= {"cp1252"}:
        order.insert(0, "utf-8")
    else:
        order.append("utf-8")
    unique = list(dict.fromkeys(order))
    single_byte = [name for name in unique if name.startswith(("cp125", "iso8859"))]
    # Every byte is valid in a single-byte encoding: it only counts where it was declared,
    # and after the ones that can be wrong.
    guess = [] if single_byte else [_guess(body)]
    return [
        name
        for name in (*(n for n in unique if n not in single_byte), *guess, *single_byte)
        if name
    ]


def _guess(body: bytes) -> str:
    """Ask chardet about the part of the body that holds text beyond ASCII."""
    import chardet

    first = _NON_ASCII.search(body)
    start = max(0, first.start() - 64) if first else 0
    answer = chardet.detect(body[start : start + _SAMPLE_BYTES])
    return _known(str(answer.get("encoding") or ""))


def _try(body: bytes, encoding: str) -> str | None:
    """Decode, allowing one bad character in ten beyond ASCII; None where there are more."""
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start >= len(body) - 4:  # cut off within the last character
            return body[: error.start].decode(encoding)
        text = body.decode(encoding, "replace")
    bad = text.count("\ufffd")
    good = sum(1 for _ in _BEYOND_ASCII.finditer(text)) - bad
    return text if bad * 10 <= good else None


_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def _lenient(body: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = body.decode(encoding, "replace").removeprefix("\ufeff")
    return text, _notes(text, encoding, encoding)


def _notes(text: str, encoding: str, label: str) -> tuple[str, ...]:
    notes: list[str] = []
    if encoding != label:
        notes.append(f"says {label}, is {encoding}")
    if bad := text.count("\ufffd"):
        notes.append(f"{bad} undecodable characters in {encoding}")
    return tuple(notes)
