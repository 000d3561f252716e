"""A digest as JSON: what the database keeps, and what programs read."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pipeline.models.digests import (
    Development,
    Digest,
    DigestStory,
    FailingFeed,
    Section,
    Statement,
    Voice,
)


def render_json(digest: Digest, *, indent: int | None = None) -> str:
    """Return the digest as a JSON object; times are ISO 8601 with their offset."""
    return json.dumps(as_values(digest), ensure_ascii=False, indent=indent, default=as_text)


def as_values(digest: Digest) -> dict[str, Any]:
    """Return the digest as plain dictionaries and lists; moments stay moments."""
    return asdict(digest)


def as_text(value: object) -> str:
    assert isinstance(value, date)  # datetime is one too; a digest holds nothing else
    return value.isoformat()


def parse_json(text: str) -> Digest:
    """Return the digest that `render_json` wrote."""
    content: dict[str, Any] = json.loads(text)
    return Digest(
        **{
            **content,
            "created_at": datetime.fromisoformat(content["created_at"]),
            "since": moment(content["since"]),
            "first": tuple(content["first"]),
            "titles": tuple((name, title) for name, title in content["titles"]),
            "sections": tuple(map(to_section, content["sections"])),
            "failing": tuple(
                FailingFeed(feed["title"], moment(feed["since"]), feed["error"])
                for feed in content["failing"]
            ),
        }
    )


def to_section(content: dict[str, Any]) -> Section:
    return Section(
        **{
            **content,
            "days": tuple(content["days"]),
            "stories": tuple(map(to_story, content["stories"])),
        }
    )


def to_story(content: dict[str, Any]) -> DigestStory:
    said, latest = content["statement"], content.get("latest")  # digests of 1.0 had no latest
    return DigestStory(
        **{
            **content,
            "article_ids": tuple(content["article_ids"]),
            "topics": tuple(content["topics"]),
            "voices": tuple(Voice(**voice) for voice in content["voices"]),
            "companies": tuple(content["companies"]),
            "when": datetime.fromisoformat(content["when"]),
            "told_at": moment(content["told_at"]),
            "statement": said
            and Statement(
                said["line"], said["text"], said["day"] and date.fromisoformat(said["day"])
            ),
            "latest": latest
            and Development(latest["text"], latest["url"], datetime.fromisoformat(latest["when"])),
        }
    )


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
