"""Reads robots.txt (RFC 9309) and says which pages of a host may be fetched, and how often."""

import re
from dataclasses import dataclass
from urllib.parse import quote

AGENT = "chipwire"
LONGEST = 500 * 1024  # bytes read; RFC 9309, 2.5 asks for at least this
MOST_RULES = 5000
# The longest robots.txt delay honoured; a host that asks for more gets this.
MAX_CRAWL_DELAY_S = 120.0


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules for one crawler: path patterns with True for allow; the delay it should keep."""

    rules: tuple[tuple[str, bool], ...] = ()
    crawl_delay_s: float = 0.0


ALLOW_ALL = RobotsRules()
DISALLOW_ALL = RobotsRules(rules=(("/", False),))


def rules_for(status: int | None, text: str) -> RobotsRules:
    """Return the rules that follow from an answer; None or 0 is no answer at all.

    RFC 9309, 2.3.1: 4xx (429 too) allows everything; 5xx and no answer disallow everything.
    """
    if not status or status >= 500:
        return DISALLOW_ALL
    if 200 <= status < 300:
        return parse(text)
    return ALLOW_ALL


def parse(text: str | bytes, *, agent: str = AGENT) -> RobotsRules:
    """Return the rules of the groups that name `agent`, else of those for "*"."""
    if isinstance(text, bytes):
        text = text[:LONGEST].decode("utf-8", "replace")
    own, everyone = RobotsRules(), RobotsRules()
    named = False
    for agents, rules in groups(text):
        if agent in agents:
            named = True
            own = merged(own, rules)
        if "*" in agents:
            everyone = merged(everyone, rules)
    return own if named else everyone


def groups(text: str) -> list[tuple[frozenset[str], RobotsRules]]:
    """Return each group: the agents named at its head in lower case, and its rules."""
    found: list[tuple[frozenset[str], RobotsRules]] = []
    agents: set[str] = set()
    rules: list[tuple[str, bool]] = []
    delay = 0.0
    begun = False
    for key, value in lines(text):
        if key == "user-agent":
            if begun:
                found.append((frozenset(agents), RobotsRules(tuple(rules), delay)))
                agents, rules, delay, begun = set(), [], 0.0, False
            agents.add(product(value))
        elif key == "crawl-delay":
            begun, delay = True, max(delay, seconds(value))
        elif len(rules) < MOST_RULES:
            begun = True
            if value:  # an empty Disallow forbids nothing
                rules.append((encoded(value), key == "allow"))
    found.append((frozenset(agents), RobotsRules(tuple(rules), delay)))
    return found


def lines(text: str) -> list[tuple[str, str]]:
    """Return the lines that mean something to us as (key, value)."""
    found = []
    for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
        key, colon, value = line.partition("#")[0].partition(":")
        key = key.strip().lower()
        if colon and key in ("user-agent", "allow", "disallow", "crawl-delay"):
            found.append((key, value.strip()))
    return found


def product(value: str) -> str:
    """Return the product token of a User-agent line: letters, "_" and "-" (RFC 9309, 2.2.1)."""
    if value.startswith("*"):
        return "*"
    match = re.match(r"[A-Za-z_-]+", value)
    return match.group().lower() if match else ""


def seconds(value: str) -> float:
    match = re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value)
    return min(float(value), MAX_CRAWL_DELAY_S) if match else 0.0


def merged(one: RobotsRules, other: RobotsRules) -> RobotsRules:
    """Return two groups of one crawler as one (RFC 9309, 2.2.1)."""
    return RobotsRules(one.rules + other.rules, max(one.crawl_delay_s, other.crawl_delay_s))


def allows(rules: RobotsRules, path: str) -> bool:
    """Return whether a path with its query may be fetched.

    The longest matching pattern decides, allow before disallow (RFC 9309, 2.2.2). Patterns
    and path are compared percent-encoded; robots.txt itself is always allowed.
    """
    if path == "/robots.txt":
        return True
    path = encoded(path)
    best, allowed = -1, True
    for pattern, allow in rules.rules:
        length = len(pattern)
        if (length > best or (length == best and allow)) and matches(pattern, path):
            best, allowed = length, allow
    return allowed


def matches(pattern: str, path: str) -> bool:
    """Return whether the pattern, with "*" and a closing "$", matches the path from its start.

    Linear in both: each piece between stars is found at its first place, so no pattern can
    make it slow (a regular expression of 100 stars takes minutes).
    """
    anchored = pattern.endswith("$")
    first, *others = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return not anchored or at == len(path)
    for piece in others[:-1]:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    last = others[-1]
    if anchored:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0


def encoded(path: str) -> str:
    """Percent-encode what is not ASCII, and write escapes in upper case (RFC 3986, 6.2.2.1)."""
    path = quote(path, safe="/%!#$&'()*+,:;=?@[]~-._")
    return re.sub(r"%[0-9a-fA-F]{2}", lambda escape: escape.group().upper(), path)


def to_text(rules: RobotsRules) -> str:
    """Return the rules as a robots.txt that `parse` reads back to the same."""
    if rules == ALLOW_ALL:
        return ""
    found = ["User-agent: *"]
    found += [f"{'Allow' if allow else 'Disallow'}: {pattern}" for pattern, allow in rules.rules]
    if rules.crawl_delay_s:
        found.append(f"Crawl-delay: {rules.crawl_delay_s:g}")
    return "\n".join(found)
