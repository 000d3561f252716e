"""A digest as plain text: for the terminal, and the first part of a mail."""

import textwrap
import unicodedata

from pipeline.models.digests import Digest, DigestStory, Section
from pipeline.steps.digest import words
from pipeline.steps.digest.sparkline import sparkline

CLOSING = "，。、；：？！）」』】》〉”’…"


def render_terminal(
    digest: Digest, width: int = 80, *, hidden: int = 0, mail: bool = False, unsubscribe: str = ""
) -> str:
    """Return the digest in lines of at most `width` columns; addresses are never broken.

    `hidden` stories were cut for length. A mail asks "wrong topic?" with a link and says how to
    `unsubscribe`; a terminal names the article for `chipwire explain` and `chipwire label`.
    """
    lines = [
        f"chipwire · {words.brand(digest)}",
        *wrapped(words.span(digest), width),
        *wrapped(words.heading(digest), width),
    ]
    if digest.stories > len(digest.first):
        lines += ["", "READ FIRST"]
        for number, story in enumerate(words.first_stories(digest), start=1):
            lines += wrapped(story.title, width, first=f" {number}. ", rest="    ")
    for section in digest.sections:
        lines += ["", *section_head(section, width)]
        for story in section.stories:
            lines += ["", *story_lines(story, digest, width, mail=mail)]
    if hidden:
        lines += ["", f"{hidden} more stories were cut here for length."]
    lines += ["", "─" * min(width, 40)]
    for line in words.footer(digest):
        lines += wrapped(line, width)
    if unsubscribe:
        lines += ["Stop these mails:", unsubscribe]
    return "\n".join(lines) + "\n"


def section_head(section: Section, width: int) -> list[str]:
    title = section.title.upper()
    days = f"{sparkline(section.days)} {len(section.days)} days" if section.days else ""
    facts = " · ".join(filter(None, (days, words.change(section))))
    stories = words.counted(len(section.stories), "story")
    return [
        *wrapped(f"{title} · {stories}, {words.counted(section.articles, 'article')}", width),
        *wrapped(facts, width),
    ]


def story_lines(story: DigestStory, digest: Digest, width: int, *, mail: bool) -> list[str]:
    names = ", ".join(voice.outlet for voice in story.voices)
    facts = [
        names,
        ", ".join(story.companies),
        words.sureness(story),
        words.day(story.when, digest),
    ]
    also = words.other_topics(story, digest)
    if also:
        facts.append("also " + ", ".join(also))
    if not mail:
        facts.append(f"article {story.article_id}")
    lines = wrapped(f"{words.mark(story)}  {story.title}", width, first="  ", rest="    ")
    if story.news:
        label = words.news_label(story, digest)
        lines += wrapped(f"{label}: {story.news}", width, first="    ", rest="    ")
    elif story.lead:
        lines += wrapped(story.lead, width, first="    ", rest="    ")
    lines += wrapped(words.latest(story, digest), width, first="    ", rest="    ")
    if story.statement:
        lines += wrapped(words.baseline(story), width, first="    ┃ ", rest="    ┃ ")
    lines += wrapped(" · ".join(filter(None, facts)), width, first="    ", rest="    ")
    if story.url:
        lines.append(f"    {story.url}")
    wrong = words.wrong_topic(story, digest)
    if wrong and mail:
        lines.append(f"    wrong topic? {wrong}")
    return lines


def wrapped(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Return the text in lines that fit, counting wide (CJK) characters as two columns."""
    if not text:
        return []
    if columns(text) == len(text):
        return textwrap.wrap(
            text, max(width, 20), initial_indent=first, subsequent_indent=rest,
            break_long_words=True, break_on_hyphens=False,
        )  # fmt: skip
    return wrapped_wide(text, max(width, 20), first=first, rest=rest)


def wrapped_wide(text: str, width: int, *, first: str, rest: str) -> list[str]:
    """Wrap a text with wide characters: between any two of them, else at blanks."""
    lines: list[str] = []
    line = first
    for piece in pieces(text):
        if columns(line) + columns(piece.rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line = rest + piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def pieces(text: str) -> list[str]:
    found: list[str] = []
    word = ""
    for character in text:
        wide = is_wide(character)
        if character in CLOSING and found and not word:
            found[-1] += character  # a closing mark never starts a line
            continue
        word += character
        if wide or character == " ":
            found.append(word)
            word = ""
    return [*found, word] if word else found


def columns(text: str) -> int:
    return sum(1 + is_wide(character) for character in text)


def is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
