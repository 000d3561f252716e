"""Finding edited copies of an article, beside MinHash LSH where the peers' Python has it."""

import json
import random
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks import near_duplicates
from benchmarks.near_duplicates import EDITS, Text, false_hits, recall
from benchmarks.results import OURS, Bar, Group, Measured, Options
from pipeline.steps import sketch

SCRIPT = Path(near_duplicates.__file__).parent / "peers" / "lsh.py"
PEER = "datasketch MinHash LSH"


def measure(options: Options) -> Measured:
    texts = near_duplicates.newsroom()
    ours = {name: recall(texts, edit, seed=1) for name, edit in EDITS.items()}
    peer = ask_peer(options.peer_python, texts) if options.peer_python else None
    spent, found = {OURS: ms_a_sketch(texts)}, {OURS: 100 * fmean(ours.values())}
    bars = [
        Bar(f"copies found, least of {len(EDITS)} edits", 100 * min(ours.values()), "%"),
        Bar("copies seen where there are none", 100 * false_hits(texts), "% of articles"),
    ]
    if peer:
        spent[PEER] = peer["ms"]
        found[PEER] = 100 * fmean(peer["recall"].values())
        bars += [
            Bar(f"the same by {PEER}", 100 * min(peer["recall"].values()), "%"),
            Bar(f"copies seen by {PEER}", 100 * peer["false"], "% of articles"),
        ]
    groups = [
        Group(f"Copies found, mean of {len(EDITS)} edits", "%", found),
        Group("Sketching one article", "ms of processor time", spent),
    ]
    return Measured(groups, bars, f"{len(texts)} newsroom articles, one in five without spaces")


def ms_a_sketch(texts: Sequence[Text]) -> float:
    sketch.sketch(texts[0].text)  # loads numpy
    began = time.process_time()
    for text in texts:
        sketch.sketch(text.text)
    return 1000 * (time.process_time() - began) / len(texts)


def ask_peer(python: str, texts: Sequence[Text]) -> dict[str, Any] | None:
    """Return what LSH makes of the same edits; None where datasketch is not installed."""
    found = subprocess.run([python, "-c", "import datasketch"], capture_output=True, check=False)
    if found.returncode:
        return None
    given = {
        "texts": [text.text for text in texts],
        "stories": [text.story for text in texts],
        "edited": {name: edited(texts, name) for name in EDITS},
    }
    done = subprocess.run(
        [python, str(SCRIPT)], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def edited(texts: Sequence[Text], name: str) -> list[str]:
    """Return every text as `near_duplicates.recall` edits it."""
    chance = random.Random(1)
    made = []
    for text in texts:
        others = [other.text for other in texts if other.story != text.story]
        made.append(EDITS[name](text.text, chance, others))
    return made
