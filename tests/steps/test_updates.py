"""Updates: news meets the statement of the baseline it bears on, and knows what is new."""

import pytest

from pipeline.adapters.files import packaged
from pipeline.adapters.newsroom import load_archive
from pipeline.adapters.tagger import load_baseline
from pipeline.models.stories import Update
from pipeline.steps import companies, concepts, updates
from pipeline.steps.updates import NewsArticle

NAMES = companies.load((packaged("config") / "companies.toml").read_bytes(), "companies.toml")
WORDS = concepts.load((packaged("config") / "concepts.toml").read_bytes(), "concepts.toml")
READ = updates.reader(NAMES, WORDS)
LINES = load_baseline(packaged("seeds"))
SEED = (packaged("seeds") / "article.txt").read_text("utf-8").splitlines()
BASELINE = updates.read_baseline(LINES, READ)
DRAFTS = {draft.id: draft for draft in load_archive().drafts}


def news(draft_id: str) -> NewsArticle:
    version = DRAFTS[draft_id].versions[0]
    return NewsArticle(1, version.title, "\n".join(block.text for block in version.blocks))


def found(article: NewsArticle, *topics: str) -> tuple[Update, ...]:
    return updates.updates(article, topics, BASELINE, read=READ)


DEVELOPED = [
    ("samples narrow the gap in HBM", "meridianwire/cxmt-hbm3-samples", "hbm", 41),
    ("the same in Chinese", "guixian/cxmt-hbm3-samples", "hbm", 42),
    ("the same in Korean", "chipsiseon/cxmt-hbm3-gap", "hbm", 42),
    ("the second step on HBM", "foundrypost/cxmt-qualification", "hbm", 42),
    ("yields at 7 nm", "foundrypost/smic-yield-doubts", "foundry", 34),
    ("yields at 7 nm in Chinese", "guixian/smic-7nm-yield", "foundry", 34),
    ("the Dutch licence", "meridianwire/dutch-servicing-rule-draft", "chip-curbs", 31),
    ("the alternative to Nvidia", "foundrypost/ascend-cluster", "ai-accelerators", 15),
    ("a licence for Nvidia", "meridianwire/nvidia-license-china-accelerator", "chip-curbs", 12),
]


@pytest.mark.parametrize(
    ("draft_id", "topic", "line"), [row[1:] for row in DEVELOPED], ids=[row[0] for row in DEVELOPED]
)
def test_news_meets_the_statement_it_bears_on(draft_id: str, topic: str, line: int) -> None:
    assert line in [update.baseline_line for update in found(news(draft_id), topic)]


@pytest.mark.parametrize(
    ("draft_id", "topic"),
    [
        ("foundrypost/chocolate-chip-shortage", "foundry"),
        ("meridianwire/storm-coast", "chip-curbs"),
        ("kairo/coater-developer-orders", "hbm"),
        ("bitharbor/dram-kit-prices", "lithography"),
    ],
)
def test_other_news_meets_no_statement(draft_id: str, topic: str) -> None:
    assert found(news(draft_id), topic) == ()


def test_only_statements_of_the_articles_topics_are_met() -> None:
    topics = {line.line: line.topics for line in BASELINE.lines}
    rows = found(news("meridianwire/cxmt-hbm3-samples"), "hbm", "foundry")
    assert rows
    assert all(update.topic in topics[update.baseline_line] for update in rows)
    assert all(0 <= update.similarity <= 1 and 0 <= update.novelty <= 1 for update in rows)


def test_the_nearest_statement_comes_first_and_few_are_named() -> None:
    rows = found(news("meridianwire/cxmt-hbm3-samples"), "hbm")
    assert [update.similarity for update in rows] == sorted(
        (update.similarity for update in rows), reverse=True
    )
    assert len(rows) <= updates.MOST


def test_what_the_baseline_says_itself_is_nothing_new() -> None:
    line = next(line for line in LINES if line.line == 42)
    (first, *_) = found(NewsArticle(1, "", line.text), "hbm")
    assert (first.baseline_line, first.novelty) == (42, 0.0)


def test_what_the_store_held_is_not_new_again() -> None:
    article = news("meridianwire/cxmt-hbm3-samples")
    before = updates.together([READ(passage) for passage in updates.passages(article)])
    again = updates.updates(article, ["hbm"], BASELINE, read=READ, known=[before])
    fresh = found(article, "hbm")
    assert fresh[0].novelty > 0.4
    assert again[0].novelty == 0.0


def test_a_translation_is_partly_known() -> None:
    english = news("meridianwire/cxmt-hbm3-samples")
    known = [updates.together([READ(one) for one in updates.passages(english)])]
    later = news("foundrypost/cxmt-qualification")
    fresh = found(later, "hbm")[0].novelty
    told = updates.updates(later, ["hbm"], BASELINE, read=READ, known=known)[0].novelty
    assert told < fresh


def test_an_article_without_topics_or_text_brings_nothing() -> None:
    assert found(news("meridianwire/cxmt-hbm3-samples")) == ()
    assert found(NewsArticle(1, "", ""), "hbm") == ()
