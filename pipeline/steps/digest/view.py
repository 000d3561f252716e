"""A digest in words, as templates see it: plain dictionaries, nothing left to compute.

What a template may use:
  digest   name, brand (the name as a person reads it), period, subject, title, heading, span,
           timezone, created (ISO 8601), empty, hidden (stories cut for length), first
           (list of stories), teaser (what follows the subject in a list of mails), sections,
           footer (list), unsubscribe (an address, or "" outside a mail)
  section  topic, title, stories, count, change, sparkline, sparkline_text
  story    key, mark, kind, title, url, lead, news, news_label, latest, latest_label, latest_url,
           baseline, baseline_day, voices (list of outlet, url), companies, sure, day, also,
           wrong_topic, language
"""

from dataclasses import replace
from typing import Any

from pipeline.models.digests import Digest, DigestStory, Section
from pipeline.steps.digest import words
from pipeline.steps.digest.sparkline import sparkline

View = dict[str, Any]


def view(digest: Digest, *, hidden: int = 0, unsubscribe: str = "") -> View:
    """Return the digest as a template sees it."""
    return {
        "name": digest.name,
        "brand": words.brand(digest),
        "period": digest.period,
        "subject": digest.subject,
        "heading": words.heading(digest),
        "span": words.span(digest),
        "timezone": digest.timezone,
        "created": digest.created_at.isoformat(),
        "empty": not digest.sections,
        "hidden": hidden,
        "first": [story_view(story, digest) for story in words.first_stories(digest)],
        "teaser": words.teaser(digest),
        "sections": [section_view(section, digest) for section in digest.sections],
        "footer": words.footer(digest),
        "unsubscribe": unsubscribe,
    }


def section_view(section: Section, digest: Digest) -> View:
    stories = words.counted(len(section.stories), "story")
    return {
        "topic": section.topic,
        "title": section.title,
        "count": f"{stories}, {words.counted(section.articles, 'article')}",
        "change": words.change(section),
        "sparkline": sparkline(section.days),
        "sparkline_text": words.days(section),
        "stories": [story_view(story, digest) for story in section.stories],
    }


def story_view(story: DigestStory, digest: Digest) -> View:
    return {
        "key": story.key,
        "mark": words.mark(story),
        "kind": story.kind,
        "title": story.title,
        "url": story.url,
        "lead": story.lead,
        "news": story.news,
        "news_label": words.news_label(story, digest),
        "latest": story.latest.text if story.latest else "",
        "latest_label": words.latest_label(story, digest),
        "latest_url": story.latest.url if story.latest else "",
        "baseline": words.said(story),
        "baseline_day": words.said_on(story),
        "voices": [{"outlet": voice.outlet, "url": voice.url} for voice in story.voices],
        "companies": list(story.companies),
        "sure": words.sureness(story),
        "day": words.day(story.when, digest),
        "also": words.other_topics(story, digest),
        "wrong_topic": words.wrong_topic(story, digest),
        "language": story.language or "en",
    }


def trimmed(digest: Digest, stories: int) -> Digest:
    """Return the digest with its weightiest stories only; what stood in it stays as counted."""
    ranked = sorted(
        (story for section in digest.sections for story in section.stories),
        key=lambda story: (-story.score, story.key),
    )
    kept = {story.key for story in ranked[:stories]}
    sections = (
        replace(section, stories=tuple(s for s in section.stories if s.key in kept))
        for section in digest.sections
    )
    return replace(digest, sections=tuple(section for section in sections if section.stories))
