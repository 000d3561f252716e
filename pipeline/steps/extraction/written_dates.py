"""Dates as people and machines write them, in many languages, to moments in UTC."""

import re
from datetime import UTC, datetime, timedelta

# Beginnings of the months' names, full and short, nominative and genitive, in the languages
# of the 40 countries whose pages were read (en de fr es it pt nl sv da no fi is pl cs ru uk
# tr el hu ro id ar he hi). Only ever matched between a day and a year.
_MONTHS = (
    "jan|janv|ene|gen|stycz|ledna|янв|січ|oca|يناير|كانون الثاني|ינואר|tammi|ιαν|जनवरी",
    "feb|fév|fev|febr|lut|únor|фев|лют|şub|فبراير|شباط|פברואר|helmi|φεβ|फ़?रवरी|फरवरी",
    "mar|mär|maart|mrt|břez|мар|берез|مارس|آذار|מרץ|מרס|maalis|μαρ|márc|मार्च",
    "apr|avr|abr|kwie|dub|апр|квіт|nis|أبريل|ابريل|إبريل|نيسان|אפריל|huhti|απρ|ápr|अप्रैल",
    "may|mai|mag|mei|maj|maí|máj|kvě|мая|май|трав|مايو|أيار|ايار|מאי|touko|μαΐ|μαι|मई",
    "jun|juin|jún|giu|czerw|června|июн|черв|haz|يونيو|حزيران|יוני|kesä|ιουν|iun|जून",
    "jul|juil|júl|lug|lip|července|июл|лип|tem|يوليو|تموز|יולי|heinä|ιουλ|iul|जुलाई",
    "aug|août|aout|ago|ágú|sierp|srp|авг|серп|ağu|أغسطس|اغسطس|آب|אוגוסט|elok|αυγ|अगस्त",
    "sep|set|szept|wrze|září|сен|верес|eyl|سبتمبر|أيلول|ايلول|ספטמבר|syys|σεπ|सितंबर",
    "oct|okt|ott|out|paźdz|říj|окт|жовт|eki|أكتوبر|اكتوبر|تشرين الأول|אוקטובר|loka|οκτ|अक्टूबर",
    "nov|nóv|listop|ноя|лист|kas|نوفمبر|تشرين الثاني|נובמבר|marras|νοε|noi|नवंबर",
    "dec|déc|dez|dic|des|gru|prosin|дек|груд|ara|ديسمبر|كانون الأول|דצמבר|joulu|δεκ|दिसंबर",
)
_NAME = "|".join(sorted((name for names in _MONTHS for name in names.split("|")), key=len)[::-1])
_NAMES = tuple(re.compile(names, re.I) for names in _MONTHS)
_YEAR = r"(?:19|20)\d\d"
_ISO = re.compile(
    rf"(?P<year>{_YEAR})(?:(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)|(?P<month2>\d\d))"
    r"(?P<day>\d{1,2})(?!\d)"
    r"(?:(?:T|\s+|\.\s*)(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?(?:[.,]\d+)?\s*"
    r"(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?(?!\d))?)?",
    re.I,
)
_WRITTEN = re.compile(
    rf"(?P<y1>{_YEAR})\s*(?:[-./]|年|년)\s*(?P<m1>\d{{1,2}})\s*(?:[-./]|月|월)\s*(?P<d1>\d{{1,2}})"
    r"|令和\s*(?P<reiwa>\d{1,2}|元)年(?P<m5>\d{1,2})月(?P<d5>\d{1,2})"
    rf"|(?<!\d)(?P<d2>\d{{1,2}})\.\s?(?P<m2>\d{{1,2}})\.\s?(?P<y2>{_YEAR})"
    rf"|(?<!\d)(?P<s1>\d{{1,2}})/(?P<s2>\d{{1,2}})/(?P<y6>{_YEAR})"
    rf"|(?P<d7>\d{{1,2}})\s+tháng\s+(?P<m7>\d{{1,2}}),?\s+(?:năm\s+)?(?P<y7>{_YEAR})"
    r"|(?<!\d)(?P<d3>\d{1,2})(?:st|nd|rd|th|er|[.ºª])?\s*(?:de\s+|d['’]|ב)?"
    rf"(?P<n3>(?:{_NAME}))[^\s\d,.]*[.,]?\s+(?:del?\s+)?(?P<y3>{_YEAR})"
    rf"|\b(?P<n4>(?:{_NAME}))[^\s\d,.]*\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>{_YEAR})"
    rf"|(?P<y8>{_YEAR})\.?\s+(?P<n8>(?:{_NAME}))[^\s\d,.]*\.?\s+(?P<d8>\d{{1,2}})(?!\d)",
    re.IGNORECASE,
)
_BEFORE_NOON = r"(?:오전|上午|午前|凌晨|早上)"
_AFTER_NOON = r"(?:오후|下午|午後|晚上|晚间)"
_CLOCK = re.compile(
    rf"(?P<half>{_BEFORE_NOON}|{_AFTER_NOON})?\s*(?<!\d)(?P<hour>[01]?\d|2[0-3])"
    r"(?:[:：時时時点시h]\s?(?P<minute>[0-5]\d)|\.(?P<minute2>[0-5]\d)(?=\s*Uhr))(?!\d)"
    r"(?::[0-5]\d|分|분)?\s*(?P<noon>[ap]\.?m\b\.?)?\s*\(?(?P<zone>[A-Z]{3,4}\b)?",
    re.IGNORECASE,
)
_ZONES = {
    "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "MSK": 3,
    "SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "EST": -5, "EDT": -4,
    "CDT": -5, "MST": -7, "PST": -8, "PDT": -7,
}  # fmt: skip
# Countries with one zone and no summer time, by domain and by language: a time without a
# zone is theirs there. Elsewhere it is read as UTC, which is at most half a day wrong.
_ONE_ZONE = {"cn": 8, "tw": 8, "hk": 8, "sg": 8, "my": 8, "jp": 9, "kr": 9, "zh": 8, "ja": 9,
             "ko": 9}  # fmt: skip
_UNITS = (
    (
        60,
        "min(?:ute)?s?|mins?|minuten?|minutos?|minuti|минуты?|минут|分钟|分鐘|分|분|دقائق|دقيقة|דקות",
    ),
    (
        3600,
        "hours?|hrs?|h|stunden?|heures?|horas?|ore|часа?|часов|小时|小時|時間|시간|ساعات|ساعة|שעות",
    ),
    (86400, "days?|d|tag(?:en)?|jours?|d[ií]as?|giorni|дня|дней|день|天|日|일|أيام|يوم|ימים"),
)
_UNIT = "|".join(f"(?P<u{seconds}>{words})" for seconds, words in _UNITS)
_AGO = re.compile(
    rf"(?:(?P<before>vor|il y a|hace|há|منذ|לפני)\s+)?(?<!\d)(?P<count>\d{{1,2}}|an?|one)"
    rf"\s*(?:{_UNIT})"
    r"\s*(?(before)(?!\w)|(?:ago|前|전|fa|назад|atrás)(?!\w))",
    re.IGNORECASE,
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९０１２３４５６７８９", "0123456789" * 4)
_IN_ADDRESS = re.compile(
    rf"[/_-]({_YEAR})(?:[/-]?(\d\d)[/-]?(\d\d)|/(\d{{1,2}})/(\d{{1,2}}))(?=[/._-]|$)"
)
_MAIL_FORM = re.compile(
    r"\d{1,2}\s+[a-z]{3,9}\s+\d{2,4}\s+\d{1,2}:\d\d|[a-z]{3} [a-z]{3}\s+\d", re.I
)
_OLDEST = datetime(1995, 1, 1, tzinfo=UTC)  # the web's first newspapers
_SHOWN = 200  # characters of a text that a date is looked for in


def local_zone(host: str, language: str) -> timedelta:
    """Return the offset from UTC in which a site means times that it states without a zone."""
    by_country = _ONE_ZONE.get(host.rsplit(".", 1)[-1])
    hours = by_country or _ONE_ZONE.get(language.lower()[:2], 0)
    return timedelta(hours=hours)


def parse(value: object, *, zone: timedelta = timedelta(0)) -> datetime | None:
    """Return a date as machines write it (ISO 8601, RFC 2822, Unix time), or as words, as UTC.

    `zone` is the offset meant where the date has a time and no zone; a day alone is midnight
    UTC. None for what is no date, or before 1995.
    """
    if isinstance(value, list):
        return next((date for part in value[:3] if (date := parse(part, zone=zone))), None)
    if isinstance(value, int | float):
        value = str(int(value)) if abs(value) < 1e14 else ""
    if not isinstance(value, str):
        return None
    text = value.strip().translate(_DIGITS)[:80]
    found = _ISO.search(text)
    date = _from_iso(found, zone) if found else _from_mail_form(text) or _from_unix(text)
    return date if date and date >= _OLDEST else written(text, zone=zone)


def _from_iso(found: re.Match[str], zone: timedelta) -> datetime | None:
    part = found.groupdict()
    numbers = (part["year"], part["month"] or part["month2"], part["day"])
    clock = (int(part[name] or 0) for name in ("hour", "minute", "second"))
    date = _moment(*(int(number) for number in numbers), *clock)
    if date is None or date == date.replace(hour=0, minute=0, second=0):
        return date  # a day; its midnight in some zone is a day too, not the evening before
    stated = part["zone"].upper() if part["zone"] else ""
    if stated[:1] in ("+", "-"):
        minutes = int(stated[3:].removeprefix(":") or 0)
        offset = timedelta(hours=int(stated[1:3]), minutes=minutes)
        return date - offset if stated[0] == "+" else date + offset
    return date if stated else date - zone


def _moment(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime | None:
    try:
        return datetime(year, month, day, hour % 24, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _from_mail_form(value: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    if not _MAIL_FORM.search(value):  # it reads "2:05 PM" as the morning
        return None
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def _from_unix(value: str) -> datetime | None:
    if not (value.isascii() and value.isdigit() and len(value) in (10, 13)):
        return None
    return datetime.fromtimestamp(int(value[:10]), tz=UTC)


def written(text: str, *, zone: timedelta = timedelta(0)) -> datetime | None:
    """Return the first date in words or figures in a text, with its time if one follows it.

    Not 4/5/2025, which is April to one half of the world and May to the other.
    """
    text = text[:_SHOWN].translate(_DIGITS)
    found = _WRITTEN.search(text) if any(c.isdigit() for c in text) else None
    day = _day(found) if found else None
    if found is None or day is None or day < _OLDEST:
        return None
    clock = _CLOCK.search(text[found.end() : found.end() + 30])
    return _at(day, clock, zone) if clock else day


def _day(found: re.Match[str]) -> datetime | None:
    part = {name: value for name, value in found.groupdict().items() if value}
    if "reiwa" in part:
        year = 2018 + (1 if part["reiwa"] == "元" else int(part["reiwa"]))
    else:
        year = int(next(value for name, value in part.items() if name[0] == "y"))
    if "s1" in part:
        first, second = int(part["s1"]), int(part["s2"])
        day, month = (first, second) if first > 12 else (second, first)
        return _moment(year, month, day) if max(first, second) > 12 else None
    day = int(next(value for name, value in part.items() if name[0] == "d"))
    named = next((value for name, value in part.items() if name[0] == "n"), "")
    if not named:
        return _moment(year, int(next(v for n, v in part.items() if n[0] == "m")), day)
    return _moment(year, _month(named), day)


def _month(name: str) -> int:
    return next(number for number, names in enumerate(_NAMES, 1) if names.fullmatch(name))


def _at(day: datetime, clock: re.Match[str], zone: timedelta) -> datetime:
    hour = int(clock["hour"])
    noon = (clock["noon"] or "").lower()[:1]
    afternoon = noon == "p" or bool(clock["half"] and re.match(_AFTER_NOON, clock["half"]))
    if afternoon and hour < 12:
        hour += 12
    elif hour == 12 and (noon == "a" or (clock["half"] and not afternoon)):
        hour = 0
    named = _ZONES.get((clock["zone"] or "").upper())
    offset = zone if named is None else timedelta(hours=named)
    minute = int(clock["minute"] or clock["minute2"])
    return day.replace(hour=hour, minute=minute) - offset


def ago(text: str, *, now: datetime) -> datetime | None:
    """Return the moment that "3 hours ago" means at `now`; to the minute, or to the day."""
    found = _AGO.search(text[:_SHOWN].translate(_DIGITS))
    if not found:
        return None
    count = int(found["count"]) if found["count"].isdigit() else 1
    seconds = next(seconds for seconds, _ in _UNITS if found[f"u{seconds}"])
    moment = (now - timedelta(seconds=count * seconds)).replace(second=0, microsecond=0)
    return moment.replace(hour=0, minute=0) if seconds == _UNITS[-1][0] else moment


def in_address(url: str) -> datetime | None:
    """Return the day that an article's address names ("/2026/11/23/", "-20261123-"), or None."""
    found = _IN_ADDRESS.search(url.split("?", 1)[0])
    day = _moment(*(int(number) for number in found.groups() if number)) if found else None
    return day if day and day >= _OLDEST else None
