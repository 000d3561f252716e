"""How fast the whole chain tags, against a bare TF-IDF transform in the same run; how models load.

    python -m benchmarks.tagging [FILE.jsonl]      title and text per line; default: made up

Bars: the chain reaches ≥ 0.2 of the rate of scikit-learn's TfidfVectorizer.transform and ≥ 3,000
short texts a CPU second; loading a model takes ≤ 5 times as long as reading its files (np.load
of every array, the vocabulary's lines, the manifest's JSON). Ratios hold on any machine; the rate
is for one core of the machine it ran on.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.longtail import LongTail
from classifiers import TopicClassifier
from classifiers.baseline import load_baseline
from classifiers.features import Vectoriser
from classifiers.files import load
from classifiers.glossary import load_topics
from classifiers.materials import Materials, load_examples, names
from classifiers.tagger import train

ROOT = Path(__file__).resolve().parent.parent
CHARS = 400
TEXTS = 2000
RATIO, RATE, LOADING = 0.2, 3000.0, 5.0

Short = tuple[str, str]


def short_texts(file: Path | None) -> list[Short]:
    """Return 2,000 titles and texts of about 400 characters together."""
    if file is not None:
        lines = (json.loads(line) for line in file.read_text("utf-8").splitlines() if line)
        pairs = [(line["title"], line["text"]) for line in lines]
    else:
        pairs = _made_up()
    return [(title, text[: CHARS - len(title)]) for title, text in islice(cycle(pairs), TEXTS)]


def _made_up() -> list[Short]:
    """Return the seed article's lines, each as a text headed by another line's beginning."""
    lines = [
        line.strip()
        for line in (ROOT / "seeds" / "article.txt").read_text("utf-8").splitlines()
        if len(line) > 80
    ]
    return [
        (lines[n - 1][:70], f"{line} {lines[(n + 1) % len(lines)]}") for n, line in enumerate(lines)
    ]


def cpu_seconds(work: Callable[[], object], *, tries: int = 5) -> float:
    """Return the least CPU time of a few tries: the others were disturbed."""
    times = []
    for _ in range(tries):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def chain(texts: list[Short]) -> list[tuple[str, bool, str]]:
    """Print rates and return (what, whether the bar is held, figure)."""
    joined = [f"{title}\n{text}" for title, text in texts]
    bare = TfidfVectorizer(sublinear_tf=True, min_df=2).fit(joined)
    ours = Vectoriser().fit(joined)
    config = ROOT / "config"
    topics = load_topics([config / "topics"], vocabulary=config / "vocabulary.toml")
    examples = load_examples(ROOT / "seeds" / "examples", topics=names(topics))
    tagger = train(Materials(topics, load_baseline(ROOT / "seeds"), examples))
    rates = {
        "bare TF-IDF transform, words (scikit-learn)": lambda: bare.transform(joined),
        "TF-IDF, words, pairs and CJK n-grams (ours)": lambda: ours.transform(joined),
        "whole chain, evidence included": lambda: tagger.tag(texts),
    }
    measured = {name: len(texts) / cpu_seconds(work) for name, work in rates.items()}
    for name, rate in measured.items():
        print(f"{name}  {rate:,.0f} texts a CPU second")
    bare_rate, _, chain_rate = measured.values()
    ratio = chain_rate / bare_rate
    return [
        ("chain / bare TF-IDF", ratio >= RATIO, f"{ratio:.2f} (bar {RATIO})"),
        ("chain", chain_rate >= RATE, f"{chain_rate:,.0f} a second (bar {RATE:,.0f})"),
    ]


def loading() -> list[tuple[str, bool, str]]:
    """Return the ratio of loading a model of 90 topics to reading its files."""
    drawn = LongTail(0).draw(1000)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "model"
        TopicClassifier(n_folds=2).fit(drawn.texts, drawn.labels).save(folder)
        read = cpu_seconds(lambda: _read(folder), tries=20)
        checked = cpu_seconds(lambda: load(folder), tries=20)
        size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    ratio = checked / read
    figure = f"{ratio:.1f} ({checked * 1e3:.1f} ms for {size:.1f} MB; bar {LOADING})"
    return [("loading / reading a model's files", ratio <= LOADING, figure)]


def _read(folder: Path) -> object:
    with np.load(folder / "weights.npz") as archive:
        arrays = [archive[name] for name in archive.files]
    vocabulary = (folder / "vocabulary.txt").read_text("utf-8").split("\n")
    return arrays, vocabulary, json.loads((folder / "manifest.json").read_bytes())


def main(arguments: list[str]) -> int:
    """Print the figures; 1 when a bar is missed."""
    held = True
    for what, fine, figure in [
        *chain(short_texts(Path(arguments[0]) if arguments else None)),
        *loading(),
    ]:
        print(f"{'ok ' if fine else 'LOW'}  {what}  {figure}")
        held &= fine
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
