"""Full-text search over articles, safe for whatever a person types."""

import re

# Han, Kana, Hangul: scripts without spaces, or with particles attached to the word
CJK_RUN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
WORD = re.compile(r"[^\W_]+", re.UNICODE)


def bigrams(text: str) -> str:
    """Return the overlapping character pairs of every CJK run, space separated.

    FTS5 can then find a word of two characters inside a run, as a phrase of pairs.
    """
    return " ".join(" ".join(pairs(run)) for run in CJK_RUN.findall(text))


def pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def match_query(text: str) -> str:
    """Return an FTS5 expression that finds articles with all words typed; "" if there are none.

    Every word is quoted: raw text in MATCH raises for 9 of 11 ordinary inputs
    (`C++`, `export-controls`, `AND`, `title:x` …). "…" keeps words together.
    """
    parts: list[str] = []
    for phrase, loose in re.findall(r'"([^"]*)"|([^"]+)', text):
        words = [phrase] if phrase else loose.split()
        parts += [term for word in words for term in terms(word)]
    return " AND ".join(parts)


def terms(word: str) -> list[str]:
    found = [f'cjk : "{" ".join(pairs(run))}"' for run in CJK_RUN.findall(word) if len(run) > 1]
    latin = WORD.findall(CJK_RUN.sub(" ", word))
    if latin:
        found.append(f'"{" ".join(latin)}"')
    return found
