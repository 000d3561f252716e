"""Brings web addresses into the form under which two spellings of one page compare equal.

`canonical` is a name for a page: it folds AMP and mobile twins and cuts trailing slashes, so
fetch the address the feed gave and compare by `key`, which also drops the scheme and "www.".
Nothing here opens an address.
"""

import re
from urllib.parse import SplitResult, urlsplit

LONGEST = 8192  # characters; RFC 9110, 4.1 asks for 8,000 octets, longer ones stay as they are

# Parameters that carry where a reader came from, never which page it is. A trailing * is a
# prefix. Source: each owner's campaign documentation; the feeds of the default watch.
TRACKING: dict[str, str] = {
    "utm_*": "Google Analytics, and every newsletter tool that copied it",
    "_ga": "Google Analytics, cross-domain visitor",
    "_gl": "Google Tag Manager, cross-domain visitor",
    "gclid": "Google Ads click",
    "gclsrc": "Google Ads click source",
    "gbraid": "Google Ads, iOS click",
    "wbraid": "Google Ads, web-to-app click",
    "dclid": "Google Display & Video click",
    "fbclid": "Facebook click",
    "fb_action_*": "Facebook share",
    "fb_source": "Facebook share",
    "igshid": "Instagram share",
    "igsh": "Instagram share",
    "twclid": "X (Twitter) click",
    "ref_src": "X (Twitter) embed",
    "ref_url": "X (Twitter) embed",
    "__twitter_impression": "X (Twitter) AMP impression",
    "ttclid": "TikTok click",
    "li_fat_id": "LinkedIn click",
    "trk": "LinkedIn share",
    "msclkid": "Microsoft Advertising click",
    "yclid": "Yandex click",
    "_openstat": "Yandex Openstat",
    "mc_cid": "Mailchimp campaign",
    "mc_eid": "Mailchimp reader",
    "mkt_tok": "Marketo mail",
    "_hsenc": "HubSpot mail",
    "_hsmi": "HubSpot mail",
    "hss_channel": "HubSpot social",
    "vero_id": "Vero mail",
    "oly_enc_id": "Omeda mail (trade press)",
    "oly_anon_id": "Omeda mail (trade press)",
    "ck_subscriber_id": "ConvertKit mail",
    "pk_*": "Matomo campaign, old name Piwik",
    "mtm_*": "Matomo campaign",
    "piwik_*": "Piwik campaign",
    "at_*": "BBC and AT Internet campaign",
    "xtor": "AT Internet campaign",
    "ns_*": "comScore campaign",
    "wt_mc": "Webtrekk campaign",
    "wt.mc_id": "Webtrends campaign",
    "icid": "internal promotion, Adobe's habit",
    "s_cid": "Adobe campaign",
    "s_kwcid": "Adobe paid search",
    "ef_id": "Adobe paid search",
    "ncid": "AOL, Yahoo promotion",
    "soc_src": "Yahoo share",
    "soc_trk": "Yahoo share",
    "guccounter": "Yahoo consent redirect",
    "guce_*": "Yahoo consent redirect",
    "ocid": "MSN and BBC promotion",
    "__source": "CNBC share",
    "cmp": "The Guardian campaign",
    "smid": "The New York Times share",
    "smtyp": "The New York Times share",
    "srnd": "Bloomberg section the link stood in",
    "sref": "Bloomberg affiliate",
    "leadsource": "Bloomberg lead",
    "taid": "Reuters share",
    "feedtype": "Reuters feed",
    "feedname": "Reuters feed",
    "reflink": "Wall Street Journal share",
    "mod": "Dow Jones promotion (WSJ, MarketWatch, Barron's)",
    "ito": "Daily Mail feed",
    "share_token": "The Times, Toutiao share",
    "tblci": "Taboola click",
    "dicbo": "Outbrain click",
    "oborigurl": "Outbrain click",
    "spm": "Alibaba, and Chinese portals after it: position of the link",
    "scm": "Alibaba recommendation",
    "hmsr": "Baidu Tongji source",
    "hmpl": "Baidu Tongji plan",
    "hmcu": "Baidu Tongji unit",
    "hmkw": "Baidu Tongji keyword",
    "hmci": "Baidu Tongji creative",
    "share_source": "Chinese portals, share",
    "share_medium": "Chinese portals, share",
    "n_cid": "Nikkei share",
    "_branch_match_id": "Branch deep link",
}

# These name a feed only when their value does: ?f=rss (36Kr), ?ref=rss, ?from=feed …
FEED_NAMED = frozenset({
    "cid", "cmpid", "emc", "f", "feed", "from", "origin", "partner", "ref", "rss", "source",
    "src", "via",
})  # fmt: skip
FEED_VALUE = re.compile(r"(?:rss|atom|feeds?)(?:\W.*|_.*|[0-9]*)\Z", re.IGNORECASE)

# A page's AMP twin by parameter: ?amp, ?amp=1, ?outputType=amp (Washington Post, Arc sites).
AMP_SWITCHES = {"amp": {"", "1", "true"}, "isamp": {"", "1", "true"}}
AMP_OUTPUTS = {"outputtype", "output", "view", "mode"}
AMP_TAIL = re.compile(r"[/.]amp\Z|[._-]amp(?=\.html?\Z)", re.IGNORECASE)
AMP_CACHE_HOST = re.compile(r"[a-z0-9-]+\.cdn\.ampproject\.org\Z")
AMP_CACHE_PATH = re.compile(r"/[a-z]+/(?P<secure>s/)?(?P<rest>[^/]+\.[^/].*)\Z", re.DOTALL)
TWIN_LABELS = frozenset(("amp", "m", "mobile", "wap"))
INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp|shtml)\Z", re.IGNORECASE)

# Under a country code these second labels belong to the registry, not to an owner.
REGISTRY_LABELS = frozenset({
    "ac", "co", "com", "edu", "gen", "go", "gov", "gr", "idv", "ltd", "me", "mil", "ne", "net",
    "nom", "or", "org", "pe", "plc", "re", "sch",
})  # fmt: skip
# Hosts that give each customer a name: the customer is the owner.
SHARED_HOSTS = frozenset({
    "beehiiv.com", "blogspot.com", "ghost.io", "github.io", "hatenablog.com", "medium.com",
    "netlify.app", "pages.dev", "substack.com", "tistory.com", "typepad.com", "wordpress.com",
})  # fmt: skip

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNSAFE = re.compile(r"[^!#$%&'()*+,./0-9:;=?@A-Za-z_~\[\]-]+")
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_HOST = re.compile(r"[a-z0-9._-]+\Z")
_ADDRESS = re.compile(r"[0-9.]+\Z|\[")
_AMPERSAND = re.compile(r"&(?:amp;)*")


def canonical(url: str) -> str:
    """Return the form under which two spellings of one page compare equal.

    Keeps the scheme and the order of query parameters; idempotent. What is no http(s)
    address comes back without surrounding space. Raises nothing.
    """
    url = _INVISIBLE.sub("", url) if "://" in url else url.strip()
    if len(url) > LONGEST:
        return url
    # An AMP cache address holds another one, shorter, which may hold one again.
    for _ in range(len(url)):
        spelled = _spell(url)
        if spelled == url:
            break
        url = spelled
    return url


def key(url: str) -> str:
    """Return what to compare and index: `canonical` without scheme and "www."."""
    spelled = canonical(url)
    for scheme in ("https://", "http://"):
        if spelled.startswith(scheme):
            return spelled.removeprefix(scheme).removeprefix("www.")
    return spelled


def untracked(url: str) -> str:
    """Return the address as it was given, without what only tells where a reader came from.

    Unlike `canonical` it still opens the very page: nothing else of it changes. Idempotent.
    """
    page, hash_sign, fragment = url.partition("#")
    path, _, query = page.partition("?")
    kept = [field for field in query.split("&") if not _is_noise(field.removeprefix("amp;"))]
    asked = "?" + "&".join(kept) if any(kept) else ""
    # "#xtor=RSS-1" is AT Internet's way not to change the address a server sees
    told = all(_is_noise(field) for field in fragment.split("&"))
    return path + asked + ("" if told else hash_sign + fragment)


def host(url: str) -> str:
    """Return the lower-case host of an address, or "" where there is none."""
    parts = _split(url.strip())
    return _spell_host(parts.hostname or "") if parts else ""


def registrable(name: str) -> str:
    """Return the part of a host that somebody registered: "news.bbc.co.uk" → "bbc.co.uk".

    By rule, not by the public suffix list: a country code with a registry label (`co.uk`,
    `com.tw`) takes three labels, a shared host (`substack.com`) keeps its customer.
    """
    name = name.lower().strip(".")
    labels = name.split(".")
    if _ADDRESS.match(name) or len(labels) < 3:
        return name
    under_registry = len(labels[-1]) == 2 and labels[-2] in REGISTRY_LABELS
    shared = ".".join(labels[-2:]) in SHARED_HOSTS
    return ".".join(labels[-3 if under_registry or shared else -2 :])


def _spell(url: str) -> str:
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return url
    name = _spell_host(parts.hostname)
    inner = _inside_amp_cache(name, parts)
    if inner:
        return inner
    path = _spell_path(parts.path)
    query = _spell_query(parts.query)
    port = _spell_port(parts)
    return f"{parts.scheme}://{_without_twin(name)}{port}{path}{query}"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return None
    return parts


def _spell_host(name: str) -> str:
    name = name.rstrip(".").lower()
    if not name.isascii():
        try:
            coded = name.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return name
        # The codec lets compatibility forms of space and punctuation through.
        name = coded if _HOST.match(coded) else name
    return f"[{name}]" if ":" in name else name


def _spell_port(parts: SplitResult) -> str:
    default = 443 if parts.scheme == "https" else 80
    return "" if parts.port in (None, default) else f":{parts.port}"


def _without_twin(name: str) -> str:
    """Return the desktop host: amp.cnn.com → www.cnn.com, en.m.wikipedia.org → en.wikipedia.org."""
    owner = registrable(name)
    if name == owner or _ADDRESS.match(name):
        return name
    front = name.removesuffix(f".{owner}").split(".")
    kept = [label for label in front if label not in TWIN_LABELS]
    if len(kept) == len(front):
        return name
    return ".".join([*(kept or ["www"]), owner])


def _spell_path(path: str) -> str:
    # RFC 3986, 6.2.2: escapes in capitals, unreserved characters plain, dot segments gone.
    kept: list[str] = []
    for segment in _spell_escapes(path).split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in ("", "."):
            kept.append(segment)
    spelled = "/" + "/".join(kept)
    while True:
        shorter = _without_amp(INDEX_PAGE.sub("", spelled)).rstrip("/") or "/"
        if shorter == spelled:
            return spelled
        spelled = shorter


def _without_amp(path: str) -> str:
    shorter = AMP_TAIL.sub("", path)
    if shorter.startswith("/amp/"):
        shorter = shorter.removeprefix("/amp")
    return shorter or path


def _inside_amp_cache(name: str, parts: SplitResult) -> str:
    """Return the publisher's address that an AMP cache or viewer address wraps, or ""."""
    viewer = registrable(name) == "google.com" and parts.path.startswith("/amp/")
    found = AMP_CACHE_PATH.match(parts.path) if viewer or AMP_CACHE_HOST.match(name) else None
    if not found:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return f"http{'s' if found['secure'] else ''}://{found['rest']}{query}"


def _spell_query(query: str) -> str:
    # Feeds that escape twice bring "&amp;" into the address itself.
    fields = [field.removeprefix("amp;") for field in _AMPERSAND.split(query)]
    kept = [_spell_escapes(field) for field in fields if field and not _is_noise(field)]
    return "?" + "&".join(kept) if kept else ""


def _is_noise(field: str) -> bool:
    name, _, value = field.partition("=")
    name, value = name.lower(), value.lower()
    if name in TRACKING or any(name.startswith(prefix) for prefix in _PREFIXES):
        return True
    if name in FEED_NAMED and FEED_VALUE.match(value):
        return True
    return value in AMP_SWITCHES.get(name, ()) or (name in AMP_OUTPUTS and value == "amp")


_PREFIXES = tuple(name.removesuffix("*") for name in TRACKING if name.endswith("*"))


def _spell_escapes(text: str) -> str:
    text = _STRAY_PERCENT.sub("%25", text)
    text = _UNSAFE.sub(lambda found: _percent(found[0].encode("utf-8", "surrogatepass")), text)
    return _ESCAPE.sub(lambda found: _percent(bytes.fromhex(found[1])), text)


def _percent(octets: bytes) -> str:
    return "".join(chr(octet) if octet in _UNRESERVED else f"%{octet:02X}" for octet in octets)
