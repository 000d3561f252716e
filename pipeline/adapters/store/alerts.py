"""Alerts in the database: since when a rule watches, what it owes, and what it sent.

There is no queue: a message of a rule is a row of `digests` under the rule's name, and what
stood in none of them is owed.
"""

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from pipeline.adapters.store import owed
from pipeline.adapters.store.connection import Store
from pipeline.adapters.store.passing import FIRST_SEEN, said_by_people
from pipeline.adapters.store.times import from_text, to_text
from pipeline.models.digests import Candidate, Digest
from pipeline.models.labels import LabelRule
from pipeline.models.policies import DigestPolicy

# As for digests: what no feed announced (a backfill) is archive.
RAISED = f"""
{FIRST_SEEN}
SELECT p.article_id, p.topic, p.probability, a.story_id
FROM passing p JOIN articles a ON a.id = p.article_id
WHERE EXISTS (SELECT 1 FROM sightings s WHERE s.article_id = coalesce(a.part_of, a.id))
ORDER BY p.article_id, p.probability DESC, p.topic
"""  # noqa: S608 - constants


def watch(store: Store, names: Iterable[str], *, now: datetime) -> None:
    """Note of each rule that is new here that it watches from now on: older news is none."""
    unknown = [name for name in names if since(store, name, now) is None]
    if not unknown:
        return
    moment = to_text(now)
    with store.transaction():
        store.execute_many(
            "INSERT OR IGNORE INTO digests (name, period, created_at, until, subject, articles,"
            " stories, content) VALUES (?,?,?,?,'',0,0,'{}')",
            [(name, f"since {moment}", moment, moment) for name in unknown],
        )


def since(store: Store, name: str, now: datetime) -> datetime | None:
    """Return since when a rule watches; a row from the future is of a clock that was wrong."""
    return from_text(
        store.value(
            "SELECT min(until) FROM digests WHERE name = ? AND until <= ?", (name, to_text(now))
        )
    )


def candidates(
    store: Store,
    policy: DigestPolicy,
    *,
    topics: Collection[str],
    seen_since: datetime,
    labels: LabelRule,
) -> list[Candidate]:
    """Return the stories with an article first seen since then that passes the policy's cut."""
    wanted = {name for name in topics if not policy.topics or name in policy.topics}
    rows = store.rows(
        RAISED,
        {
            "cut": policy.cut,
            "since": to_text(seen_since),
            "verdicts": said_by_people(store, labels),
        },
    )
    passing = [row for row in rows if row["topic"] in wanted]
    return owed.candidates(store, policy, passing) if passing else []


def sent(store: Store, name: str, now: datetime) -> list[datetime]:
    """Return when the messages of the last day were composed."""
    rows = store.rows(
        "SELECT created_at FROM digests WHERE name = ? AND stories > 0 AND created_at > ?",
        (name, to_text(now - timedelta(days=1))),
    )
    return [moment for row in rows if (moment := from_text(row["created_at"]))]


def is_told(store: Store, alert: Digest) -> bool:
    """Say whether any story of a message stands in an earlier one of its rule."""
    stories = [story for section in alert.sections for story in section.stories]
    return bool(
        store.value(
            "SELECT 1 FROM digest_stories s JOIN digests d ON d.id = s.digest_id WHERE d.name = ?"
            " AND (s.article_id IN (SELECT value FROM json_each(?))"
            " OR s.story_id IN (SELECT value FROM json_each(?)))",
            (
                alert.name,
                json.dumps([number for story in stories for number in story.article_ids]),
                json.dumps([story.story_id for story in stories if story.story_id]),
            ),
        )
    )
