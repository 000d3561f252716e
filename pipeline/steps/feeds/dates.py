"""Reads the dates publishers write, with their zones, and refuses the impossible ones.

feedparser 6.0.14 reads `2025年06月13日 08:05` and epoch seconds as the first of the current
month and JST, KST, SGT and HKT as UTC; hence this layer, on the raw strings.
"""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from pipeline.models.feeds import DateSource

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # no web feed is older
LATEST_AHEAD = timedelta(hours=24)
_LONGEST = 120

# Hours from UTC. RFC 822 section 5, and the abbreviations seen in news feeds.
_ZONES = {
    "z": 0.0, "ut": 0.0, "utc": 0.0, "gmt": 0.0, "wet": 0.0, "west": 1.0, "bst": 1.0,
    "cet": 1.0, "cest": 2.0, "met": 1.0, "mest": 2.0, "eet": 2.0, "eest": 3.0, "sast": 2.0,
    "msk": 3.0, "ist": 5.5, "ict": 7.0, "wib": 7.0, "hkt": 8.0, "sgt": 8.0, "pht": 8.0,
    "awst": 8.0, "jst": 9.0, "kst": 9.0, "aest": 10.0, "aedt": 11.0, "nzst": 12.0, "nzdt": 13.0,
    "est": -5.0, "edt": -4.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0,
    "pdt": -7.0, "et": -5.0, "akst": -9.0, "akdt": -8.0, "hst": -10.0,
}  # fmt: skip
# Where a feed names no zone: the one zone its language is published in. CST is then Chinese.
_HOME = {"ko": 9.0, "ja": 9.0, "zh": 8.0}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MORNING = ("上午", "午前", "오전")
_AFTERNOON = ("下午", "午後", "오후")

_CLOCK = (
    r"(?P<hour>\d{1,2})\s*[:時时시]\s*(?P<minute>\d{1,2})?\s*[分분]?"
    r"(?:\s*:?\s*(?P<second>\d{1,2})\s*[秒초]?(?:[.,]\d{1,9})?)?"
)
_ZONE = (
    r"(?P<zone>Z|(?:UTC|GMT|UT)?\s*[+-]\d{1,2}(?::?\d{2})?|[A-Za-z]{1,5})?(?:\s*\([^)]{0,40}\))?"
)
_RFC822 = re.compile(
    r"(?:[^\W\d]{2,12}\.?\s*,?\s*)?(?P<day>\d{1,2})[\s-]+(?P<month>[A-Za-z]{3})[A-Za-z]{0,6}\.?[\s,-]+"
    rf"(?P<year>\d{{4}}|\d{{2}})(?:,?\s+{_CLOCK})?\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*{_ZONE}"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})\s*[-/.年년]\s*(?P<month>\d{1,2})\s*[-/.月월]\s*(?P<day>\d{1,2})\s*[日일.]?"
    r"(?:\s*[(（]?[月火水木金土日월화수목금토일一二三四五六][)）曜요]?[日일]?[)）]?)?"
    rf"(?:[T\s,]*(?P<half>上午|下午|午前|午後|오전|오후|[AaPp][Mm])?\s*{_CLOCK})?"
    rf"\s*(?P<later>[AaPp][Mm])?\s*{_ZONE}"
)
_EPOCH = re.compile(r"(?P<seconds>\d{9,10})(?P<thousandths>\d{3})?(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment and where it comes from; `at` is None exactly when `source` is first_seen."""

    at: datetime | None
    source: DateSource
    raw: str = ""


def read_date(
    candidates: Sequence[str], *, now: datetime, language: str = "", guess: bool = True
) -> Dated:
    """Return the first of the raw dates that can be read and is possible.

    Possible is from 1995 to 24 h after `now`. A text without a zone is local time where the
    feed's language has one zone (ko, ja, zh), else UTC. The source is "guess" where only
    dateparser could read it. The raw text stays in any case.
    """
    raws = [raw.strip() for raw in candidates if raw and raw.strip()]
    home = _HOME.get(language[:2].lower())
    readers = (_exact, _guessed) if guess else (_exact,)
    for reader in readers:
        for raw in raws:
            dated = reader(raw[:_LONGEST], home, language)
            if dated and dated.at and EARLIEST <= dated.at <= now + LATEST_AHEAD:
                return dated
    return Dated(None, "first_seen", raws[0][:_LONGEST] if raws else "")


def _exact(raw: str, home: float | None, _language: str) -> Dated | None:
    found = _RFC822.fullmatch(raw) or _YEAR_FIRST.fullmatch(raw)
    try:
        if found:
            return _from_parts(found, home)
        if epoch := _EPOCH.fullmatch(raw):
            return Dated(datetime.fromtimestamp(int(epoch["seconds"]), UTC), "feed", raw)
        return _placed(datetime.fromisoformat(raw), None, home, raw)
    except (ValueError, OverflowError, OSError):
        return None


def _from_parts(found: re.Match[str], home: float | None) -> Dated | None:
    parts = found.groupdict()
    month = parts["month"].lower()
    number = int(month) if month.isdigit() else _month(month)
    if not number:
        return None
    hour, minute = int(parts["hour"] or 0), int(parts["minute"] or 0)
    second = min(int(parts["second"] or 0), 59)  # 60 is a leap second
    half = (parts.get("half") or parts.get("later") or "").lower().replace(".", "")
    if half in (*_AFTERNOON, "pm") and hour < 12:
        hour += 12
    elif half in (*_MORNING, "am") and hour == 12:
        hour = 0
    days, hour = (1, 0) if (hour, minute, second) == (24, 0, 0) else (0, hour)
    at = datetime(_year(parts["year"]), number, int(parts["day"]), hour, minute, second)  # noqa: DTZ001 - the zone is placed next
    return _placed(at + timedelta(days=days), parts["zone"], home, found.string)


def _month(name: str) -> int:
    return _MONTHS.index(name) + 1 if name in _MONTHS else 0


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < 50 else 1900)  # RFC 2822, section 4.3


def _placed(at: datetime, zone: str | None, home: float | None, raw: str) -> Dated | None:
    if at.tzinfo is None:
        hours = _offset(zone, home) if zone else home or 0.0
        if hours is None:
            return None
        at = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    return Dated(at.astimezone(UTC).replace(microsecond=0), "feed", raw)


def _offset(zone: str, home: float | None) -> float | None:
    """Return the hours east of UTC; "GMT+9" is +9, as feeds mean it and POSIX does not."""
    name = zone.lower().replace(" ", "")
    if name == "cst" and home == 8.0:
        return 8.0
    if name in _ZONES:
        return _ZONES[name]
    digits = re.fullmatch(r"(?:utc|gmt|ut)?([+-])(\d{1,2}):?(\d{2})?", name)
    if not digits:
        return None
    hours = int(digits[2]) + int(digits[3] or 0) / 60
    return (hours if digits[1] == "+" else -hours) if hours <= 14 else None


def _guessed(raw: str, home: float | None, language: str) -> Dated | None:
    """Ask dateparser, in the feed's language and English, for a text with day, month and year."""
    if not re.search(r"\d", raw) or len(raw) > 64:
        return None
    import dateparser

    primary = language[:2].lower()
    languages = [primary, "en"] if primary in _GUESSED_LANGUAGES else ["en"]
    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own calls of deprecated functions
        try:
            at = dateparser.parse(raw, languages=list(dict.fromkeys(languages)), settings=settings)
        except (ValueError, OverflowError, TypeError, RecursionError):
            return None
    if at is None:
        return None
    placed = _placed(at, None, home, raw)
    return Dated(placed.at, "guess", raw) if placed else None


_GUESSED_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "ja", "ko", "zh", "ru", "pl", "sv")
