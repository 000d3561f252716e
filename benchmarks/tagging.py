"""How fast the whole chain tags, against a bare TF-IDF transform in the same run; how models load.

    python -m benchmarks.tagging [FILE.jsonl]      title and text per line; default: made up

Bars: the chain reaches ≥ 0.2 of the rate of scikit-learn's fitted TfidfVectorizer over words and
word pairs, which is what the chain's own TF-IDF reads of Latin text, and ≥ 3,000 short texts a
CPU second; loading a model takes ≤ 5 times as long as reading its files (np.load of every array,
the vocabulary's lines, the manifest's JSON). The ratio to words alone is printed beside it. What
is compared runs in turns and the median of the turns' ratios counts, so that a busy machine slows
all alike; the rate is for one core of the machine it ran on, at its best turn.
"""

import gc
import json
import statistics
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
TURNS = 9
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


def in_turns(works: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Return the CPU times of TURNS runs of each, one after the other in every turn."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(TURNS):
        for name, work in works.items():
            times[name].append(cpu_seconds(work, tries=1))
    return times


PAIRS, WORDS, OURS, CHAIN = (
    "bare TF-IDF, words and pairs (scikit-learn)", "bare TF-IDF, words alone (scikit-learn)",
    "TF-IDF, words, pairs and CJK n-grams (ours)", "whole chain, evidence included",
)  # fmt: skip


def chain_times(texts: list[Short]) -> dict[str, list[float]]:
    """Return the CPU seconds of every turn over all texts."""
    joined = [f"{title}\n{text}" for title, text in texts]
    words = TfidfVectorizer().fit(joined)
    pairs = TfidfVectorizer(ngram_range=(1, 2)).fit(joined)
    ours = Vectoriser().fit(joined)
    config = ROOT / "config"
    topics = load_topics([config / "topics"], vocabulary=config / "vocabulary.toml")
    examples = load_examples(ROOT / "seeds" / "examples", topics=names(topics))
    tagger = train(Materials(topics, load_baseline(ROOT / "seeds"), examples))
    # all contenders as in a worker: see the end of pipeline/adapters/warm.py
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    return in_turns(
        {
            PAIRS: lambda: pairs.transform(joined),
            WORDS: lambda: words.transform(joined),
            OURS: lambda: ours.transform(joined),
            CHAIN: lambda: tagger.tag(texts),
        }
    )


def chain(texts: list[Short]) -> list[tuple[str, bool, str]]:
    """Print rates and return (what, whether the bar is held, figure)."""
    seconds = chain_times(texts)
    for name, times in seconds.items():
        print(f"{name}  {len(texts) / min(times):,.0f} texts a CPU second")
    chained = seconds[CHAIN]
    ratio, to_words = (in_turns_as_fast(seconds, name) for name in (PAIRS, WORDS))
    print(f"chain / bare TF-IDF of words alone  {to_words:.2f} (no bar)")
    rate = len(texts) / min(chained)
    return [
        ("chain / bare TF-IDF of words and pairs", ratio >= RATIO, f"{ratio:.2f} (bar {RATIO})"),
        ("chain", rate >= RATE, f"{rate:,.0f} a second (bar {RATE:,.0f})"),
    ]


def in_turns_as_fast(seconds: dict[str, list[float]], bare: str) -> float:
    """Return the chain's speed as a share of another's, the median of the turns."""
    both = zip(seconds[bare], seconds[CHAIN], strict=True)
    return statistics.median(one / chained for one, chained in both)


def loading_times() -> tuple[float, float, float]:
    """Return the seconds of reading a model's files and of loading it, and its megabytes."""
    drawn = LongTail(0).draw(1000)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "model"
        TopicClassifier(n_folds=2).fit(drawn.texts, drawn.labels).save(folder)
        read = cpu_seconds(lambda: _read(folder), tries=20)
        checked = cpu_seconds(lambda: load(folder), tries=20)
        size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    return read, checked, size


def loading() -> list[tuple[str, bool, str]]:
    """Return the ratio of loading a model of 90 topics to reading its files."""
    read, checked, size = loading_times()
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
