"""The mail as it leaves: two parts, clean headers, harmless content, under 100 kB."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from pipeline.adapters import templates
from pipeline.errors import ConfigError
from pipeline.models.digests import Digest
from pipeline.steps.digest.describe import TITLE
from pipeline.steps.digest.harmless import one_line
from pipeline.steps.digest.render_mail import Envelope, message_id, render_mail
from tests.issues import HOSTILE, digest, story

TEMPLATES = templates.load()
ENVELOPE = Envelope("chipwire <news@chipwire.example>", "ann@reader.example")
NUMBER = "<1@chipwire.example>"


def mail(one: Digest, envelope: Envelope = ENVELOPE) -> bytes:
    return render_mail(one, envelope, templates=TEMPLATES, message_id=NUMBER)


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def parts(content: bytes) -> tuple[str, str]:
    plain, html = parsed(content).iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    return (
        plain.get_content().replace("\r\n", "\n"),
        html.get_content().replace("\r\n", "\n"),
    )


class Elements(HTMLParser):
    """Collects start tags with their attributes, and what a reader sees."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_plain_comes_before_html_and_both_tell_the_same_headlines() -> None:
    stories = [story(number) for number in range(1, 9)]
    plain, html = parts(mail(digest(*stories)))
    flat = " ".join(plain.split())
    shown = " ".join(Elements(html).text.split())
    for one in stories:
        assert one.title in flat
        assert one.title in shown


def test_the_headers_say_what_it_is_and_how_to_stop() -> None:
    message = parsed(mail(digest(story())))
    found = {name: message[name] for name in ("From", "To", "Subject", "Date", "List-Id")}
    assert found == {
        "From": "chipwire <news@chipwire.example>",
        "To": "ann@reader.example",
        "Subject": "SMIC starts risk production of chip 1",
        "Date": "Mon, 23 Nov 2026 07:00:00 +0100",
        "List-Id": "chipwire daily <daily.chipwire.chipwire.example>",
    }
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == (
        "<mailto:news@chipwire.example?subject=unsubscribe%20daily>"
    )


def test_a_configured_way_to_stop_is_the_one_offered() -> None:
    envelope = Envelope(ENVELOPE.sender, ENVELOPE.recipient, "https://chipwire.example/stop")
    content = mail(digest(story()), envelope)
    assert parsed(content)["List-Unsubscribe"] == "<https://chipwire.example/stop>"


def test_a_reader_who_cannot_edit_the_configuration_finds_how_to_stop_in_both_parts() -> None:
    plain, html = parts(mail(digest(story())))
    stop = "mailto:news@chipwire.example?subject=unsubscribe%20daily"
    assert f"Stop these mails:\n{stop}" in plain
    assert f'href="{stop}"' in html


def test_a_phone_shows_the_next_headlines_behind_the_subject() -> None:
    _, html = parts(mail(digest(story(1), story(2), story(3), story(4))))
    teaser, _, _ = html.partition("CHIPWIRE")[0].rpartition("</div>")
    shown = "SMIC starts risk production of chip 2 · SMIC starts risk production of chip 3"
    assert teaser.endswith(shown)
    _, html = parts(mail(digest(story(1))))
    assert f">{story(1).lead}</div>" in html


def test_lines_end_as_smtp_wants_and_none_is_too_long() -> None:
    content = mail(digest(*(story(number) for number in range(20))))
    lines = content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 998  # RFC 5322 2.1.1


def test_the_same_digest_gives_the_same_bytes() -> None:
    assert mail(digest(story())) == mail(digest(story()))


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_what_a_stranger_writes_is_harmless_everywhere(number: int) -> None:
    words = one_line(HOSTILE[number], TITLE) or "(untitled)"
    one = story(title=words, lead=words, news=words, kind="updated", companies=(words[:60],))
    content = mail(digest(one))
    message = parsed(content)
    assert {"Bcc", "X-Evil"}.isdisjoint(message.keys())
    plain, html = parts(content)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", plain + html)
    elements = Elements(html)
    assert {tag for tag, _ in elements.tags} <= ALLOWED
    for _, attributes in elements.tags:
        assert not any(name.startswith("on") for name in attributes)


ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "p", "h1", "h2",
    "h3", "a", "b", "span", "br",
}  # fmt: skip


def test_nothing_is_loaded_and_every_link_leads_to_a_page() -> None:
    evil = story(2, url="", voices=story().voices)
    html = parts(mail(digest(story(), evil)))[1]
    elements = Elements(html)
    for _, attributes in elements.tags:
        assert not {"src", "background", "srcset"} & attributes.keys()
    links = [attributes["href"] or "" for tag, attributes in elements.tags if tag == "a"]
    assert links
    assert {urlsplit(one).scheme for one in links} <= {"http", "https", "mailto"}
    for banned in ("<svg", "data:", "url(", "@import", "<script", "<img", "<link"):
        assert banned not in html.lower()


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("SMIC starts risk production {}", id="English"),
        pytest.param("中芯国际开始试产五纳米芯片，良率仍低于百分之五十 {}", id="Chinese"),
        pytest.param("삼성전자가 HBM4 양산을 시작했다 {} " + "매우 " * 40, id="long Korean"),
    ],
)
def test_300_stories_stay_under_100_kb_and_the_cut_is_said(title: str) -> None:
    stories = [story(n, title=title.format(n), lead=title.format(n) * 3) for n in range(300)]
    content = mail(digest(*stories))
    assert 60_000 < len(content) < 100_000
    plain, html = parts(content)
    shown = sum(title.format(n)[:40] in html for n in range(300))
    hidden = re.search(r"(\d+) more stories", plain)
    assert hidden
    assert f"{hidden[1]} more stories" in html
    assert 0 < int(hidden[1]) < 300
    assert shown >= 10
    headlines = [f"chip {n}" if "chip" in title else title.format(n) for n in range(300)]
    flat = "".join(plain.split())
    for headline in headlines:  # what one part leaves out, so does the other
        words = "".join(headline.split())
        assert (words in flat) == (words in "".join(html.split())), headline


def test_forty_stories_are_not_cut() -> None:
    assert "cut here" not in parts(mail(digest(*(story(n) for n in range(40)))))[0]


@pytest.mark.parametrize(
    "recipient",
    [
        "ann@reader.example\r\nBcc: everyone@victim.example",
        "ann@reader.example\nX: y",
        "no address",
        "",
        "ann@",
        "@reader.example",
    ],
)
def test_an_address_that_is_none_is_an_error(recipient: str) -> None:
    with pytest.raises(ConfigError, match="no mail address"):
        mail(digest(story()), Envelope(ENVELOPE.sender, recipient))


def test_a_message_id_differs_for_every_digest_and_reader_and_for_nothing_else() -> None:
    def number(one: Digest, recipient: str = "ann@reader.example") -> str:
        return message_id(one, channel="mail", recipient=recipient, domain="chipwire.example")

    one = digest(story())
    assert number(one) == number(digest(story()))
    others = {number(digest(story(), period="2026-11-24")), number(one, "bob@reader.example")}
    assert number(one) not in others
    assert len(others) == 2
