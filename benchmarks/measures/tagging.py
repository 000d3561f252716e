"""Tagging beside a bare TF-IDF transform; loading a model beside reading its files."""

from benchmarks import tagging
from benchmarks.results import OURS, Bar, Group, Measured, Options


def measure(options: Options) -> Measured:
    texts = tagging.short_texts(None)
    seconds = tagging.chain_times(texts)
    read, loaded, _ = tagging.loading_times()
    per_text = {name: 1000 * min(times) / len(texts) for name, times in seconds.items()}
    rows = {
        f"{OURS}, whole chain, evidence included": per_text[tagging.CHAIN],
        tagging.PAIRS: per_text[tagging.PAIRS],
        tagging.WORDS: per_text[tagging.WORDS],
    }
    bars = [
        Bar(
            "tagging, speed against a bare TF-IDF transform of words and pairs",
            tagging.in_turns_as_fast(seconds, tagging.PAIRS), sign="≥", limit=tagging.RATIO,
        ),
        Bar(
            "tagging short texts on one core", 1000 / per_text[tagging.CHAIN], "a second", "≥",
            tagging.RATE,
        ),
        Bar(
            "loading a model against reading its files", loaded / read, sign="≤",
            limit=tagging.LOADING,
        ),
    ]  # fmt: skip
    group = Group("Tagging one text of 400 characters", "ms of processor time", rows)
    return Measured([group], bars, f"{len(texts)} texts, {tagging.TURNS} turns")
