"""Which articles are on a topic for a reader: what people said, else what the model says."""

import json
from collections import defaultdict

from pipeline.adapters.store import review
from pipeline.adapters.store.connection import Store
from pipeline.models.labels import LabelRule

# A common table of (article_id, topic, probability). People overrule the model: their "yes" is
# certain however unsure it was, their "no" is out; it has the word on all the rest. `outcome`
# is the model's alone: `tagged` follows the newest verdict, whatever the rule.
TABLE = """
WITH verdicts AS MATERIALIZED (
  SELECT value ->> 0 AS article_id, value ->> 1 AS topic, value ->> 2 AS yes
  FROM json_each(:verdicts)
), passing AS (
  SELECT article_id, topic, min(probability, 0.999) AS probability FROM tags
  WHERE outcome = 'tag' AND probability >= :cut AND article_id IN ({articles})
    AND (article_id, topic) NOT IN (SELECT article_id, topic FROM verdicts)
  UNION ALL
  SELECT article_id, topic, 1.0 FROM verdicts WHERE yes AND article_id IN ({articles})
)
"""
# Only of lately: from every tag there is, a digest of a million articles took 7 s.
FIRST_SEEN = TABLE.format(articles="SELECT id FROM articles WHERE first_seen_at >= :since")
FETCHED = TABLE.format(
    articles="SELECT id FROM articles WHERE coalesce(fetched_at, first_seen_at) >= :since"
)
PUBLISHED = TABLE.format(
    articles="SELECT id FROM articles WHERE coalesce(published_at, first_seen_at) > :since"
)


def said_by_people(store: Store, rule: LabelRule) -> str:
    """Return the standing verdicts as the JSON that TABLE takes, each copy of a text included.

    What a person said of a text holds for every outlet that ran it; where she judged two
    copies differently, the others are left to the model.
    """
    settled = {
        (article_id, topic): yes for article_id, topic, yes in review.training_labels(store, rule)
    }
    copies = families(store, sorted({article_id for article_id, _ in settled}))
    said: dict[tuple[int, str], set[bool]] = defaultdict(set)
    for (article_id, topic), yes in settled.items():
        for copy in copies.get(article_id, ()):
            said[copy, topic].add(yes)
    for cell, answers in said.items():
        if len(answers) == 1:
            settled.setdefault(cell, *answers)
    return json.dumps([[*cell, int(yes)] for cell, yes in settled.items()])


def families(store: Store, article_ids: list[int]) -> dict[int, list[int]]:
    """Return the articles that have the same text as each of these."""
    rows = store.rows(
        "WITH judged AS (SELECT a.id, coalesce(a.copy_of, a.id) AS root FROM articles a"
        " WHERE a.id IN (SELECT value FROM json_each(?)))"
        " SELECT j.id, c.id AS copy FROM judged j"
        " JOIN articles c ON c.copy_of = j.root OR c.id = j.root WHERE c.id <> j.id",
        (json.dumps(article_ids),),
    )
    found: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        found[row["id"]].append(row["copy"])
    return found
