"""Recognises what stands in an article's place: a wall, a challenge, nothing at all.

Only little text can be a stub: a whole article that mentions cookies or robots is one.
"""

import re

from lxml.html import HtmlElement

from pipeline.steps.extraction.structured import Claims

_SHORT = 700  # characters; below, a page's own words about itself decide
_TINY = 25  # characters that are no article whatever they say
TEASER = 1_500  # a paywalled page shows its first paragraphs

_CHALLENGE = re.compile(
    r"just a moment|attention required|checking (?:your browser|if the site connection)"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|are you a (?:robot|human)|robot check"
    r"|not a robot"
    r"|access (?:to this page has been )?denied|pardon our interruption|unusual traffic"
    r"|enable javascript and cookies"
    r"|please enable (?:js|javascript)|ddos protection|security check|human verification|captcha"
    r"|bist du ein mensch|sind sie ein roboter|sicherheitsüberprüfung|êtes-vous un robot"
    r"|no eres un robot"
    r"|安全验证|请完成验证|人机验证|驗證您是|ロボットではありません|로봇이 아닙니다",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"(?:page|article|story|content|url|file)\W+(?:\w+\W+){0,4}?(?:not (?:be )?found"
    r"|no longer (?:available|exists?)|doesn.t exist|does not exist|was removed"
    r"|been (?:re)?moved)"
    r"|\b404\b|not found|seite (?:wurde )?nicht gefunden|nicht (?:mehr )?verfügbar"
    r"|page introuvable|n.existe (?:pas|plus)"
    r"|página no encontrada|no (?:se ha )?encontrad[oa]|pagina non trovata"
    r"|página não encontrada|pagina niet gevonden"
    r"|siden (?:ble|blev) ikke fundet|siden finnes ikke|sidan (?:kunde )?(?:inte )?hitta"
    r"|nie znaleziono strony|stránka nenalezena"
    r"|sayfa bulunamadı|halaman tidak ditemukan|không tìm thấy|страница не найдена"
    r"|ページが見つかりません|見つかりませんでした|お探しのページ|페이지를 찾을 수 없"
    r"|존재하지 않는|页面不存在|找不到(?:该)?(?:页面|網頁|頁面)"
    r"|(?:文章|内容|新闻)(?:不存在|已(?:被)?删除)",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r"(?:accept|reject|manage|use[sd]?|allow|store|stock\w*)\W+(?:\w+\W+){0,4}?cookies"
    r"|cookies?\W+(?:\w+\W+){0,3}?(?:policy|settings|preferences|consent|richtlinie)"
    r"|(?:we|wir) (?:value|care about|respect\w*) (?:your|ihre) (?:privacy|privatsphäre)"
    r"|before you continue|bevor sie (?:fortfahren|weiter)"
    r"|consent to|your privacy choices|our \d* ?partners|partners? (?:process|store)"
    r"|unsere \d* ?partner|zustimm\w+ (?:und weiter|sie)|einwilligung|datenschutz\w* einstell"
    r"|nos \d* ?partenaires|accepter (?:et (?:fermer|continuer)|les cookies)"
    r"|aceptar (?:y continuar|las cookies|cookies)|accetta (?:e continua|i cookie|tutti)"
    r"|aceitar (?:os )?cookies|cookies accepteren|akzeptieren|zgod[ya] na|クッキー|쿠키"
    r"|使用\s?cookie|cookie\s?政策",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"(?:subscribe|sign ?up|register|log ?in|sign ?in)\W+(?:\w+\W+){0,5}?(?:to"
    r"|and) (?:continue|keep|read|unlock|view|access)"
    r"|(?:subscribers?|members?|premium)(?:[- ]only| exclusive)"
    r"|(?:for|to) (?:our )?(?:paid )?(?:subscribers|members)|already a (?:subscriber|member)"
    r"|(?:this|the) (?:article|story|content) is (?:for|reserved|only|exclusive"
    r"|available (?:only )?to)"
    r"|continue reading (?:with|this|for)|unlock (?:this|the) (?:article|story)"
    r"|nur für abonnenten|mit \S+ (?:plus|abo)\W|weiterlesen mit"
    r"|jetzt (?:abonnieren|weiterlesen|testen)|bereits abonnent"
    r"|réservée? aux abonnés|il vous reste \d|déjà abonné|abonnez-vous pour"
    r"|(?:sólo|solo|exclusiv\w+) para suscriptores|suscríbete para|ya (?:eres|soy) suscriptor"
    r"|contenuto riservato|riservato agli abbonati|abbonati per|exclusivo para assinantes"
    r"|alleen voor abonnees|för prenumeranter|kun for abonnenter|for abonnenter"
    r"|tylko dla (?:subskrybentów|prenumeratorów)|pro předplatitele|только для подписчиков"
    r"|по подписке"
    r"|この記事は(?:会員|有料)|有料会員限定|会員限定記事|残り\d+文字|続きを読むには"
    r"|유료\s?(?:회원|기사)|구독자 전용|订阅后|付费(?:阅读|内容|文章)|會員(?:限定|專屬)|訂戶"
    r"|登录后(?:查看|阅读)",
    re.IGNORECASE,
)
_GALLERY = re.compile(
    r"/(?:gallery|galleries|photos?|pictures|slideshow|bilder|fotostrecke|diaporama"
    r"|photogallery)(?:/|-|$)",
    re.IGNORECASE,
)
_MANY_PICTURES = 6
_CAPTION = 300  # characters of text for each picture; below, the pictures are the article


def recognise(text: str, tree: HtmlElement, claims: Claims, *, url: str, shown: str) -> str:
    """Return what stands in the article's place ("paywall", …), or "" for an article.

    `text` is what was extracted; `shown` is everything the page says to its reader.
    """
    if is_gallery(text, tree, claims, url):
        return "gallery"
    if len(text) < TEASER and _is_paywalled(text, claims, shown):
        return "paywall"
    if len(text) >= _SHORT:
        return ""
    said = f"{claims.title}\n{claims.said('og:title')}\n{shown[:4_000]}"
    if len(shown) < 3_000 and _CHALLENGE.search(said):
        return "challenge"
    if _NOT_FOUND.search(f"{claims.title}\n{text[:300]}") or _missing_heading(tree):
        return "soft_404"
    if len(_COOKIES.findall(text or shown[:2_000])) >= (1 if len(text) < 250 else 2):
        return "cookie_wall"
    return "empty" if len(text) < _TINY else ""


def _missing_heading(tree: HtmlElement) -> bool:
    headings = ("".join(h.itertext()) for h in tree.iter("h1", "h2"))
    return any(len(h) < 100 and _NOT_FOUND.search(h) for h in headings)


def _is_paywalled(text: str, claims: Claims, shown: str) -> bool:
    """Tell a teaser before a wall: the page says it is not free, or asks for a subscription."""
    free = next((str(value).lower() for value in claims.stated("isAccessibleForFree")), "true")
    closed = free.rsplit("/", 1)[-1] == "false" or claims.said("article:content_tier") == "locked"
    if len(text) < 250:
        return closed or bool(_PAYWALL.search(shown))
    return closed and bool(_PAYWALL.search(shown))


def is_gallery(text: str, tree: HtmlElement, claims: Claims, url: str) -> bool:
    """Tell a page of pictures: many of them, and no more text than captions need."""
    kinds = {str(node.get("@type", "")).lower() for node in claims.nodes}
    declared = (
        bool(kinds & {"imagegallery", "mediagallery"})
        or "gallery" in claims.said("og:type").lower()
    )
    pictures = sum(1 for figure in tree.iter("figure") if figure.find(".//img") is not None)
    if pictures < _MANY_PICTURES or len(text) >= pictures * _CAPTION:
        return False
    return declared or _GALLERY.search(url) is not None or len(text) < 300
