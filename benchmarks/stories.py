"""How well articles are grouped by event: B-cubed precision and recall over the newsroom.

    python benchmarks/stories.py [--size N]

With --size, also the time to group that many made-up articles of one week.
"""

import argparse
import random
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pipeline.adapters.files import packaged
from pipeline.adapters.newsroom import load_archive
from pipeline.steps import companies, concepts, pages, stories
from pipeline.steps.stories import StoryArticle

ANCHOR = datetime(2026, 3, 14, tzinfo=UTC)


def newsroom() -> tuple[list[StoryArticle], dict[int, str]]:
    """Return the newsroom's articles and the story each tells (its own id where none)."""
    archive = load_archive()
    outlets = {outlet.name: outlet for outlet in archive.outlets}
    found: list[StoryArticle] = []
    truth: dict[int, str] = {}
    first: dict[str, int] = {}
    for at, draft in enumerate(sorted(archive.drafts, key=lambda draft: -draft.age), start=1):
        version = draft.versions[0]
        text = "\n".join(block.text for block in version.blocks)
        original = first.setdefault(pages.content_hash(text), at)
        outlet = outlets[draft.outlet]
        found.append(
            StoryArticle(
                id=at, title=version.title, text=text, when=ANCHOR - draft.age, owner=outlet.owner,
                language=outlet.language[:2], topics=draft.topics,
                copy_of=original if original != at else None,
            )
        )  # fmt: skip
        truth[at] = draft.story or draft.id
    return found, truth


def b_cubed(groups: Sequence[Sequence[int]], truth: Mapping[int, str]) -> tuple[float, float]:
    """Return B-cubed precision and recall (Bagga and Baldwin 1998), averaged over articles."""
    sizes: dict[str, int] = {}
    for story in truth.values():
        sizes[story] = sizes.get(story, 0) + 1
    precision = recall = 0.0
    for members in groups:
        for one in members:
            right = sum(truth[other] == truth[one] for other in members)
            precision += right / len(members)
            recall += right / sizes[truth[one]]
    return precision / len(truth), recall / len(truth)


def week(size: int) -> list[StoryArticle]:
    """Return made-up articles, three to an event, with words as common as in news."""
    chance = random.Random(1)
    words = ["".join(chance.choices("aeiounrstlm", k=8)) for _ in range(30_000)]
    common = [1 / (rank + 3) for rank in range(30_000)]
    found = []
    for at in range(size):
        event = random.Random(at // 3)
        own = event.choices(words[2000:], k=25)
        text = " ".join(chance.choices(words, common, k=150) + own)
        title = " ".join(event.sample(own, 6))
        when = ANCHOR - timedelta(minutes=at * 10_000 / size)
        found.append(StoryArticle(id=at + 1, title=title, text=text, when=when, language="en"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=0)
    options = parser.parse_args()
    config = packaged("config")
    names = companies.load((config / "companies.toml").read_bytes(), "companies.toml")
    words = concepts.load((config / "concepts.toml").read_bytes(), "concepts.toml")
    articles, truth = newsroom()
    read = stories.reader(names, words)
    plan = stories.group(articles, {}, read=read)
    groups = [story.article_ids for story in plan.stories]
    precision, recall = b_cubed(groups, truth)
    title = {article.id: f"{article.language} {article.title}" for article in articles}
    for members in groups:
        if len({truth[one] for one in members}) > 1:
            print("mixed:", *(title[one] for one in members), sep="\n  ")
    for story in sorted(set(truth.values())):
        parts = [[one for one in members if truth[one] == story] for members in groups]
        parts = [part for part in parts if part]
        if len(parts) > 1:
            print(f"apart: {story}", *([title[one] for one in part] for part in parts), sep="\n  ")
    print(f"{len(articles)} articles: B-cubed precision {precision:.3f}, recall {recall:.3f}")
    if options.size:
        made = week(options.size)
        start = time.process_time()
        plan = stories.group(made, {}, read=read)
        spent = time.process_time() - start
        print(f"{options.size} articles in {len(plan.stories)} stories: {spent:.1f} s CPU")


if __name__ == "__main__":
    main()
