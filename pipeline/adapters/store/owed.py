"""What a digest is composed from: the stories owed to its readers."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from pipeline.adapters.store.connection import Row, Store
from pipeline.adapters.store.loads import failing, topic_loads, unsure
from pipeline.adapters.store.passing import FETCHED, said_by_people
from pipeline.adapters.store.times import from_text, to_text
from pipeline.models.digests import Candidate, Material, Member, Statement
from pipeline.models.labels import LabelRule
from pipeline.models.policies import DigestPolicy

# How long an article that found no room, or did not pass the cut, may still come. Counted from
# the last digest, so that nothing expires while the machine sleeps; before the first, from now.
CARRY = timedelta(days=14)
TEXT = 12_000  # characters of an article that are read for its lead and its news

TOLD_AT = """
(SELECT max(d.created_at) FROM digest_stories s JOIN digests d ON d.id = s.digest_id
 WHERE s.article_id = a.id AND d.name = :name)
"""
# What stood in an article when it was told, if an edit replaced it since.
TOLD_TEXT = f"""
(SELECT v.text FROM article_versions v WHERE v.article_id = a.id AND v.replaced_at > {TOLD_AT}
 ORDER BY v.id LIMIT 1)
"""  # noqa: S608 - constants
# Articles no feed announced (a backfill) are archive, not news; nor are the parts of such a page.
# One that was told is owed again when it was edited since: what the edit brought may be news.
OWED = f"""
{FETCHED}
SELECT p.article_id, p.topic, p.probability, a.story_id
FROM passing p JOIN articles a ON a.id = p.article_id
WHERE EXISTS (SELECT 1 FROM sightings s WHERE s.article_id = coalesce(a.part_of, a.id))
  AND ({TOLD_AT} IS NULL OR {TOLD_TEXT} IS NOT NULL)
ORDER BY p.article_id, p.probability DESC, p.topic
"""  # noqa: S608 - constants
MEMBERS = f"""
SELECT a.id, a.url, a.title, a.site, a.language, a.published_at, a.first_seen_at, a.story_id,
  substr(CASE WHEN a.text <> '' THEN a.text ELSE a.summary END, 1, {TEXT}) AS text,
  (SELECT s.outlet FROM sightings s WHERE s.article_id = a.id AND s.outlet <> ''
   ORDER BY s.id LIMIT 1) AS outlet,
  (SELECT json_group_array(company) FROM (SELECT company FROM mentions WHERE article_id = a.id
   ORDER BY count DESC, company LIMIT 8)) AS companies,
  a.part_of IS NOT NULL AS is_part,
  {TOLD_AT} AS told_at, substr({TOLD_TEXT}, 1, {TEXT}) AS told_text
FROM articles a
WHERE a.status <> 'new' AND (a.story_id IN (SELECT value FROM json_each(:stories))
  OR a.id IN (SELECT value FROM json_each(:articles)))
ORDER BY coalesce(a.published_at, a.first_seen_at), a.id
"""  # noqa: S608 - constants


def material(
    store: Store,
    policy: DigestPolicy,
    *,
    topics: Mapping[str, str],
    now: datetime,
    rule: LabelRule = "newest",
) -> Material:
    """Return all that a digest of this policy is composed from; `topics` maps name to title.

    `rule` says which verdict counts where reviewers differ.
    """
    since = last_until(store, policy.name, now)
    wanted = {name: topics[name] for name in topics if not policy.topics or name in policy.topics}
    verdicts = said_by_people(store, rule)
    carried = (since or now) - CARRY
    passing = owed(store, policy, topics=wanted, since=carried, verdicts=verdicts)
    return Material(
        candidates=tuple(candidates(store, policy, passing)),
        loads=topic_loads(store, policy.cut, topics=wanted, now=now, verdicts=verdicts),
        failing=failing(store, now),
        unsure=unsure(store, list(wanted)),
        since=since,
    )


def last_until(store: Store, name: str, now: datetime) -> datetime | None:
    """Return when the last digest of a name was composed.

    One from the future is passed over: it was composed while the clock was wrong, and must
    not silence the digest until the real time has caught up.
    """
    return from_text(
        store.value(
            "SELECT max(until) FROM digests WHERE name = ? AND until <= ?", (name, to_text(now))
        )
    )


def owed(
    store: Store,
    policy: DigestPolicy,
    *,
    topics: Collection[str],
    since: datetime,
    verdicts: str,
) -> list[Row]:
    """Return (article_id, topic, probability, story_id) of what passes and was not told.

    Only of articles fetched since then.
    """
    parameters = {
        "cut": policy.cut,
        "name": policy.name,
        "since": to_text(since),
        "verdicts": verdicts,
    }
    return [row for row in store.rows(OWED, parameters) if row["topic"] in topics]


def candidates(store: Store, policy: DigestPolicy, passing: Sequence[Row]) -> list[Candidate]:
    """Return the stories of these articles with all their articles, told ones included."""
    topics: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for row in passing:
        topics[row["article_id"]].append((row["topic"], row["probability"]))
    stories = {row["story_id"] for row in passing if row["story_id"] is not None}
    rows = store.rows(
        MEMBERS,
        {
            "name": policy.name,
            "stories": json.dumps(sorted(stories)),
            "articles": json.dumps(sorted(topics)),
        },
    )
    groups: dict[tuple[str, int], list[Member]] = defaultdict(list)
    for row in rows:
        member = to_member(row, topics.get(row["id"], []))
        key = ("story", row["story_id"]) if row["story_id"] is not None else ("article", row["id"])
        groups[key].append(member if wanted(member, policy) else replace(member, topics=()))
    told_at, owners = story_facts(store, policy.name, stories)
    said = statements(store, topics)
    return [
        with_statement(
            Candidate(
                id=number if kind == "story" else None,
                members=tuple(members),
                told_at=told_at.get(number) if kind == "story" else members[0].told_at,
                owners=owners.get(number, 1) if kind == "story" else 1,
            ),
            said,
        )
        for (kind, number), members in groups.items()
        if any(member.topics for member in members)
    ]


def wanted(member: Member, policy: DigestPolicy) -> bool:
    if policy.languages and member.language and member.language not in policy.languages:
        return False
    companies = {name.casefold() for name in policy.companies}
    return not companies or bool(companies & {name.casefold() for name in member.companies})


def to_member(row: Row, topics: list[tuple[str, float]]) -> Member:
    seen_at = from_text(row["first_seen_at"])
    assert seen_at is not None  # NOT NULL in the schema
    return Member(
        article_id=row["id"],
        url=row["url"],
        title=row["title"],
        outlet=row["outlet"] or row["site"] or (urlsplit(row["url"]).hostname or ""),
        text=row["text"],
        when=min(from_text(row["published_at"]) or seen_at, seen_at),
        seen_at=seen_at,
        language=row["language"],
        topics=tuple(topics),
        companies=tuple(json.loads(row["companies"])),
        owed=row["told_at"] is None or row["told_text"] is not None,
        told_at=from_text(row["told_at"]),
        told_text=row["told_text"] or "",
        is_part=bool(row["is_part"]),
    )


def story_facts(
    store: Store, name: str, stories: set[int]
) -> tuple[dict[int, datetime], dict[int, int]]:
    """Return when each story was last told, and how many owners carry it."""
    wanted = json.dumps(sorted(stories))
    told = store.rows(
        "SELECT s.story_id, max(d.created_at) AS at FROM digest_stories s"
        " JOIN digests d ON d.id = s.digest_id WHERE d.name = ?"
        " AND s.story_id IN (SELECT value FROM json_each(?)) GROUP BY s.story_id",
        (name, wanted),
    )
    owners = store.rows(
        "SELECT id, outlets FROM stories WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
    )
    at = {row["story_id"]: from_text(row["at"]) for row in told}
    return (
        {story: moment for story, moment in at.items() if moment},
        {row["id"]: row["outlets"] for row in owners},
    )


Said = Mapping[int, Mapping[Statement, float]]


def statements(store: Store, topics: Mapping[int, object]) -> Said:
    """Return for each article the statements of the baseline it bears on, and how much."""
    rows = store.rows(
        "SELECT u.article_id, u.similarity * u.novelty AS strength, b.line, b.text, b.day"
        " FROM updates u JOIN baseline b ON b.line = u.baseline_line"
        " WHERE u.article_id IN (SELECT value FROM json_each(?)) ORDER BY strength, u.topic",
        (json.dumps(sorted(topics)),),
    )
    found: dict[int, dict[Statement, float]] = defaultdict(dict)
    for row in rows:  # the same in every topic of a statement
        found[row["article_id"]][to_statement(row)] = row["strength"]
    return found


def to_statement(row: Row) -> Statement:
    day = date.fromisoformat(row["day"]) if row["day"] else None
    return Statement(row["line"], row["text"], day)


def with_statement(candidate: Candidate, said: Said) -> Candidate:
    """Hold a story against the statement that most of its articles bear on."""
    votes: dict[Statement, float] = defaultdict(float)
    best: dict[Statement, float] = defaultdict(float)
    for member in candidate.members:
        for statement, strength in said.get(member.article_id, {}).items() if member.owed else ():
            votes[statement] += strength
            best[statement] = max(best[statement], strength)
    if not votes:
        return candidate
    chosen = max(votes, key=lambda one: (votes[one], -one.line))
    return replace(candidate, strength=best[chosen], statement=chosen)
