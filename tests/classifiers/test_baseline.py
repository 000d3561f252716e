from pathlib import Path

import pytest

from classifiers.baseline import articles, load_baseline
from classifiers.errors import BaselineError

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def test_the_seed_is_one_story_and_three_glued_to_it() -> None:
    parts = articles(load_baseline(SEEDS))
    assert {name: len(lines) for name, lines in parts.items()} == {
        "cnbc": 45,
        "yahoo-asus": 2,
        "wsj": 2,
        "globe": 2,
    }
    assert {name: lines[0].kind for name, lines in parts.items()} == dict.fromkeys(parts, "title")
    topics = {
        name: {topic for line in lines for topic in line.topics} for name, lines in parts.items()
    }
    assert topics["yahoo-asus"] == {"ai-infrastructure"}
    assert topics["wsj"] == {"chip-curbs", "ai-infrastructure"}
    assert topics["globe"] == set()


def test_bylines_boilerplate_and_undecided_lines_train_nothing() -> None:
    passages = {passage.line: passage for passage in load_baseline(SEEDS)}
    assert passages[2].trains and passages[2].text.startswith("China's racing")
    assert not passages[6].trains and passages[6].topics == ()
    assert [passages[line].kind for line in (47, 54)] == ["boilerplate", "byline"]
    assert not passages[47].trains and not passages[54].trains
    assert passages[71].trains  # off-topic, decided: a negative


ROW = "line,article,kind,topics,starts_with\n"
BROKEN = {
    "a line the article lacks": (ROW + "9,a,title,x,Hello", "lines 1 to 2"),
    "another beginning": (ROW + "1,a,title,x,Goodbye", "starts with 'Hello"),
    "an unknown kind": (ROW + "1,a,heading,x,Hello", "'heading'"),
    "an unknown topic": (ROW + "1,a,title,y,Hello", "unknown topic 'y'"),
    "a missing column": ("line,article\n1,a", "no column 'kind'"),
    "a short row": (ROW + "1,a", "not ''"),
}


@pytest.mark.parametrize(("table", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_labels_that_do_not_fit_are_refused(tmp_path: Path, table: str, reason: str) -> None:
    (tmp_path / "article.txt").write_text("Hello world\nSecond\n")
    (tmp_path / "labels.csv").write_text(table)
    with pytest.raises(BaselineError, match="labels") as caught:
        load_baseline(tmp_path, topics={"x"})
    assert reason in str(caught.value)
