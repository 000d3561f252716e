"""The look-up of copies a user would write: datasketch's MinHash LSH over shingles of 3 words.

    python lsh.py < PAIRS.json

Reads `texts`, `stories` (one each) and `edited` (an edit's name to one text each) and prints one
line of JSON: recall by edit, the share of texts that match another story's, milliseconds of
processor time a text. Imports nothing of chipwire, so that it runs in an environment of its own.
"""

import importlib
import json
import sys
import time
from typing import Any

# Imported by name: not in chipwire's lock.
datasketch: Any = importlib.import_module("datasketch")

WORDS, THRESHOLD = 3, 0.4  # the best of what was tried (docs/decisions.md)


def minhash(text: str) -> Any:
    words = text.split()
    made = datasketch.MinHash()
    for at in range(max(1, len(words) - WORDS + 1)):
        made.update(" ".join(words[at : at + WORDS]).encode())
    return made


def main() -> None:
    given = json.load(sys.stdin)
    began = time.process_time()
    sketches = [minhash(text) for text in given["texts"]]
    spent = time.process_time() - began
    index = datasketch.MinHashLSH(threshold=THRESHOLD)
    for at, one in enumerate(sketches):
        index.insert(at, one)
    recall = {
        name: sum(at in index.query(minhash(text)) for at, text in enumerate(edited)) / len(edited)
        for name, edited in given["edited"].items()
    }
    stories = given["stories"]
    false = sum(
        any(stories[at] != stories[own] for at in index.query(one))
        for own, one in enumerate(sketches)
    )
    ms = 1000 * spent / len(sketches)
    print(json.dumps({"recall": recall, "false": false / len(sketches), "ms": ms}))


if __name__ == "__main__":
    main()
