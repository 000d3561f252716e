"""The words every form of a digest shares: its head, a story's small print, its footer."""

from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pipeline.models.digests import Digest, DigestStory, Section
from pipeline.steps.digest.harmless import one_line

WRONG_TOPIC_PATH = "/-/chipwire/review"  # where the review page answers; nothing is written on GET


def local(moment: datetime, digest: Digest) -> datetime:
    return moment.astimezone(ZoneInfo(digest.timezone))


def day(moment: datetime, digest: Digest) -> str:
    """Return e.g. "23 Nov", with the year where it is not the digest's own."""
    there = local(moment, digest)
    year = "" if there.year == local(digest.created_at, digest).year else f" {there.year}"
    return f"{there.day} {there:%b}{year}"


def moment(when: datetime, digest: Digest) -> str:
    """Return e.g. "Mon 23 Nov 2026, 07:00"."""
    there = local(when, digest)
    return f"{there:%a} {there.day} {there:%b %Y, %H:%M}"


def counted(number: int, noun: str) -> str:
    """Return e.g. "1 article", "3 articles", "2 stories"."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("ry") else f"{number} {noun}s"


def brand(digest: Digest) -> str:
    """Return what the digest is called over its head: "daily", or "alert · hbm"."""
    return digest.name.replace("/", " · ")


def heading(digest: Digest) -> str:
    """Return what the digest holds, in one line."""
    if not digest.stories:
        return "Nothing new"
    return (
        f"{counted(digest.stories, 'story')} from {counted(digest.articles, 'article')}"
        f" in {counted(digest.outlets, 'outlet')} · {digest.minutes} min to read"
    )


def span(digest: Digest) -> str:
    """Return the time the digest covers."""
    end = f"{moment(digest.created_at, digest)} {digest.timezone}"
    if digest.kind == "alert":
        return end
    return f"{moment(digest.since, digest)} – {end}" if digest.since else f"{end} · first digest"


def change(section: Section) -> str:
    """Return the last 24 hours against the 7-day mean, e.g. "6 in 24 h ▲ 7-day mean 2.1"."""
    if not section.days:
        return ""
    today = section.days[-1]
    if not section.mean:
        return f"{today} in 24 h, none in the 7 days before"
    arrow = "▲" if today > section.mean else "▼" if today < section.mean else "="
    return f"{today} in 24 h {arrow} 7-day mean {section.mean:g}"


def days(section: Section) -> str:
    """Return the sparkline in numbers, for those who cannot see it."""
    return f"articles a day, oldest first: {', '.join(map(str, section.days))}"


def teaser(digest: Digest) -> str:
    """Return what a phone shows behind the subject: the next headlines, or the story's lead."""
    first = first_stories(digest)
    if len(first) == 1:
        return first[0].news or first[0].lead
    return " · ".join(one_line(story.title, 100) for story in first[1:])


def first_stories(digest: Digest) -> list[DigestStory]:
    """Return the stories to read first, in their order."""
    by_key = {story.key: story for section in digest.sections for story in section.stories}
    return [by_key[key] for key in digest.first if key in by_key]


def mark(story: DigestStory) -> str:
    return "UPDATED" if story.kind == "updated" else "NEW"


def sureness(story: DigestStory) -> str:
    """Return the confidence in the story's topic; certain only where a person said so."""
    return (
        "confirmed" if story.probability >= 1 else f"{min(99, int(story.probability * 100))}% sure"
    )


def other_topics(story: DigestStory, digest: Digest) -> list[str]:
    """Return the titles of the further topics of a story."""
    titles = dict(digest.titles)
    return [titles.get(name, name) for name in story.topics if name != story.topic]


def news_label(story: DigestStory, digest: Digest) -> str:
    """Return e.g. "What is new since 21 Nov"."""
    return f"What is new since {day(story.told_at, digest)}" if story.told_at else "What is new"


def latest_label(story: DigestStory, digest: Digest) -> str:
    """Return e.g. "Latest, 29 Nov", or "" where the story did not go on."""
    return f"Latest, {day(story.latest.when, digest)}" if story.latest else ""


def latest(story: DigestStory, digest: Digest) -> str:
    """Return how the story went on, with its day, or ""."""
    return f"{latest_label(story, digest)}: {story.latest.text}" if story.latest else ""


def said(story: DigestStory) -> str:
    """Return what the baseline said, or ""."""
    return one_line(story.statement.text, 280) if story.statement else ""


def said_on(story: DigestStory) -> str:
    """Return the day of the baseline, e.g. "13 Jun 2025", or ""."""
    if story.statement is None or story.statement.day is None:
        return ""
    return f"{story.statement.day.day} {story.statement.day:%b} {story.statement.day:%Y}"


def baseline(story: DigestStory) -> str:
    """Return what the baseline said then, with its date, or ""."""
    if story.statement is None:
        return ""
    return ", ".join(filter(None, ("Baseline", said_on(story)))) + f": {said(story)}"


def wrong_topic(story: DigestStory, digest: Digest) -> str:
    """Return the address that opens the review page at this story, or "" without one."""
    if not digest.review_url:
        return ""
    query = urlencode({"article": story.article_id, "topic": story.topic})
    return f"{digest.review_url.rstrip('/')}{WRONG_TOPIC_PATH}?{query}"


def footer(digest: Digest) -> list[str]:
    """Return the lines under a digest: what waits, what fails, why it came, how to stop."""
    lines = []
    if digest.waiting:
        lines.append(
            f"{counted(digest.waiting, 'more story')} found no room and will come next; raise"
            " max_stories for longer digests."
        )
    if digest.unsure:
        wait = "waits" if digest.unsure == 1 else "wait"
        lines.append(
            f"{counted(digest.unsure, 'article')} {wait} for a person to decide: chipwire review"
        )
    for feed in digest.failing:
        since = f" since {day(feed.since, digest)}" if feed.since else ""
        lines.append(
            f"Feed failing{since}: {one_line(feed.title, 80)} ({one_line(feed.error, 120)})"
        )
    return [*lines, reason(digest)]


def rhythm(schedule: str) -> str:
    """Return a cron line in words where it is a plain one: "daily at 07:00"."""
    minute, hour, *days = schedule.split()
    if minute.isdecimal() and hour.isdecimal() and days == ["*", "*", "*"]:
        return f"daily at {int(hour):02}:{int(minute):02}"
    return f"schedule {schedule}"


def reason(digest: Digest) -> str:
    """Return why this came and how to stop it."""
    if digest.kind == "alert":
        name = digest.name.rpartition("/")[2]
        told = f"at {digest.cut:.0%} sure or more, {digest.schedule}, times in {digest.timezone}"
    else:
        name = digest.name
        told = f"{rhythm(digest.schedule)}, times in {digest.timezone}, from {digest.cut:.0%} sure"
    return (
        f"You get this because chipwire.toml has the {digest.kind} “{name}” ({told})."
        " To stop, take your channel out of it."
    )
