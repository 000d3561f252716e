"""Read topics as facts: what names a topic, what supports it, what speaks against it.

A topic file holds `name`, `title`, `description` and lists of terms by strength; each list is
flat or split by language. The shortest useful file is a name and `strong = ["…", …]`.

    strong       alone enough to make an article about the topic
    companies    its players: enough in a title, a hint further down
    supporting   a hint; two or three together count
    excluding    speaks against it, and hides the shorter terms it contains
    ignored      only hides: "potato chip" is no chip

A term is words as they stand in a text. `{a,b}` writes several terms at once, a final `*`
takes any ending, a leading `=` asks for this very case. `@group` stands for the terms of a
group, from the file's own `[groups]` or the shared vocabulary.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import product
from typing import Any, Literal, get_args

from classifiers.errors import GlossaryError

Strength = Literal["strong", "companies", "supporting", "excluding", "ignored"]
STRENGTHS: tuple[Strength, ...] = get_args(Strength)
FOR = frozenset(("strong", "companies", "supporting"))
LANGUAGES = ("en", "zh", "ko", "ja")
TEXT_KEYS = ("name", "title", "description")
KEYS = (*TEXT_KEYS, *STRENGTHS, "groups", "conjunctions", "needs", "terms", "threshold", "shares")
CONJUNCTION_KEYS = ("name", "all", "weight", "within")
NEEDS_KEYS = ("any", "without")
TERM_KEYS = ("text", "strength", "language")
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
BRACES = re.compile(r"\{([^{}]*)\}")
MOST_SPELLINGS = 200
NEEDED_PENALTY = -3.0
TAG_FROM = 0.5  # the probability from which an article is tagged, unless a topic says otherwise

Groups = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Conjunction:
    """Groups of terms that mean the topic when all of them meet.

    `within` is "sentence" or "opening" (title and first characters); `weight` is in the same
    logits as the terms', 0 leaving it to the rules' default; negative speaks against.
    """

    name: str
    groups: tuple[tuple[str, ...], ...]
    weight: float = 0.0
    within: Literal["sentence", "opening"] = "opening"


@dataclass(frozen=True, slots=True)
class TopicGlossary:
    """A topic as its file states it. `terms` holds (term, strength), braces expanded.

    Where an article's opening names none of `needs`, `without` is added to its score.
    `threshold` overrides the learned one. A topic that `shares` loses nothing to another that
    weighs more: a curb is always a curb on something.
    """

    name: str
    title: str
    description: str
    terms: tuple[tuple[str, Strength], ...]
    conjunctions: tuple[Conjunction, ...] = ()
    needs: tuple[str, ...] = ()
    without: float = NEEDED_PENALTY
    threshold: float | None = None
    shares: bool = False

    @property
    def tag_from(self) -> float:
        """The probability from which an article is tagged."""
        return TAG_FROM if self.threshold is None else self.threshold


def load_topics(
    folders: Sequence[Traversable], *, vocabulary: Traversable | None = None
) -> tuple[TopicGlossary, ...]:
    """Return the topics of `*.toml` in `folders`, by name; an earlier folder's file wins.

    `vocabulary` is the file of shared groups. Raises GlossaryError, naming file and key.
    """
    shared = load_vocabulary(vocabulary) if vocabulary is not None else {}
    files: dict[str, Traversable] = {}
    for folder in folders:
        for file in folder.iterdir() if folder.is_dir() else ():
            if file.name.endswith(".toml"):
                files.setdefault(file.name, file)
    topics: dict[str, TopicGlossary] = {}
    for name in sorted(files):
        topic = parse_topic(_text(files[name]), name, shared=shared)
        if topic.name in topics:
            raise GlossaryError(
                f"{name}: name: another file already holds topic {topic.name!r}",
                fix="give it another name, or delete one of the files",
            )
        topics[topic.name] = topic
    return tuple(topics.values())


def load_vocabulary(file: Traversable) -> dict[str, tuple[str, ...]]:
    """Return the shared groups of terms by name, `@group` resolved. Raises GlossaryError."""
    table = _toml(file.read_text(encoding="utf-8"), file.name)
    return _groups(table, file.name, {})


def parse_topic(text: str, file: str, *, shared: Groups | None = None) -> TopicGlossary:
    """Return the topic that the TOML `text` of `file` states. Raises GlossaryError."""
    table = _toml(text, file)
    _check_keys(table, KEYS, file, "")
    for key in TEXT_KEYS:
        if not isinstance(table.get(key, ""), str):
            raise GlossaryError(f"{file}: {key}: must be text")
    name = table.get("name", "")
    if not NAME.fullmatch(name):
        raise GlossaryError(
            f"{file}: name: {name!r} is not lower-case words joined by hyphens",
            fix='write for instance name = "chip-curbs"',
        )
    groups = dict(shared or {})
    groups |= _groups(table.get("groups", {}), f"{file}: groups", groups)
    needs = _subtable(table, "needs", file)
    _check_keys(needs, NEEDS_KEYS, file, "needs.")
    return TopicGlossary(
        name=name,
        title=table.get("title") or name.replace("-", " ").capitalize(),
        description=table.get("description", ""),
        terms=_terms(table, file, groups),
        conjunctions=_conjunctions(table, file, groups),
        needs=_expand(needs.get("any", []), f"{file}: needs.any", groups),
        without=_number(needs, "without", NEEDED_PENALTY, f"{file}: needs."),
        threshold=_number(table, "threshold", None, f"{file}: "),
        shares=_flag(table, "shares", file),
    )


def _text(file: Traversable) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise GlossaryError(f"{file.name}: not UTF-8: {error}", fix="save it as UTF-8") from error
    except OSError as error:
        reason = f"{file.name}: cannot be read: {error.strerror}"
        raise GlossaryError(reason, fix="check its permissions") from error


def _toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GlossaryError(
            f"{file}: not TOML: {error}", fix='text needs quotes ("…"), lists brackets ([…])'
        ) from error


def _subtable(table: Mapping[str, Any], key: str, file: str) -> dict[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise GlossaryError(f"{file}: {key}: must be a table")
    return value


def _check_keys(table: Mapping[str, Any], known: Sequence[str], file: str, inside: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
            raise GlossaryError(f"{file}: {inside}{key}: unknown key", fix=hint)


def _number(table: Mapping[str, Any], key: str, default: Any, where: str) -> Any:
    value = table.get(key, default)
    if value is default or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise GlossaryError(f"{where}{key}: must be a number, not {value!r}")


def _flag(table: Mapping[str, Any], key: str, file: str) -> bool:
    value = table.get(key, False)
    if isinstance(value, bool):
        return value
    raise GlossaryError(f"{file}: {key}: must be true or false, not {value!r}")


def _groups(table: Any, where: str, known: Groups) -> dict[str, tuple[str, ...]]:
    if not isinstance(table, dict):
        raise GlossaryError(f"{where}: must be a table of groups")
    groups: dict[str, tuple[str, ...]] = {}
    for name, terms in table.items():
        groups[name] = _expand(terms, f"{where}: {name}", {**known, **groups})
    return groups


def _expand(terms: Any, where: str, groups: Groups) -> tuple[str, ...]:
    """Return the single terms of a list, or of lists by language, each once, in order."""
    if isinstance(terms, dict):
        _check_keys(terms, LANGUAGES, where, "")
        return tuple(
            dict.fromkeys(
                term
                for key, part in terms.items()
                for term in _expand(part, f"{where}.{key}", groups)
            )
        )
    if not isinstance(terms, list):
        raise GlossaryError(f"{where}: must be a list of terms")
    found: dict[str, None] = {}
    for term in terms:
        if not isinstance(term, str) or not term.strip("=*@ "):
            raise GlossaryError(f"{where}: {term!r} is not a term")
        if term.startswith("@"):
            found |= dict.fromkeys(_group(term[1:], where, groups))
        else:
            found |= dict.fromkeys(_spellings(term.strip(), where))
    return tuple(found)


def _group(name: str, where: str, groups: Groups) -> tuple[str, ...]:
    if name not in groups:
        near = difflib.get_close_matches(name, groups, n=1, cutoff=0.5)
        hint = f"did you mean '@{near[0]}'?" if near else f"known are {', '.join(groups) or 'none'}"
        raise GlossaryError(f"{where}: no group '@{name}'; {hint}", fix=hint)
    return groups[name]


def _spellings(term: str, where: str) -> list[str]:
    """Return what `{a,b} c` stands for: "a c" and "b c"."""
    pieces = BRACES.split(term)
    choices = [
        [piece] if place % 2 == 0 else piece.split(",") for place, piece in enumerate(pieces)
    ]
    if "{" in "".join(pieces[::2]) or "}" in "".join(pieces[::2]):
        raise GlossaryError(f"{where}: {term!r} has a brace without its partner")
    spellings = ["".join(parts).strip() for parts in product(*choices)]
    if len(spellings) > MOST_SPELLINGS:
        raise GlossaryError(f"{where}: {term!r} writes more than {MOST_SPELLINGS} terms")
    return spellings


def _terms(table: Mapping[str, Any], file: str, groups: Groups) -> tuple[tuple[str, Strength], ...]:
    found: dict[str, Strength] = {}
    for strength in STRENGTHS:
        listed = _expand(table.get(strength, []), f"{file}: {strength}", groups)
        for term in (*listed, *_listed_terms(table, file, strength)):
            if found.setdefault(term, strength) in FOR and strength not in FOR:
                raise GlossaryError(f"{file}: {strength}: {term!r} is also {found[term]}")
    if FOR.isdisjoint(found.values()) and not table.get("conjunctions"):
        raise GlossaryError(
            f"{file}: strong: no term speaks for the topic",
            fix='write words that name it: strong = ["rare earth*", "neodymium"]',
        )
    return tuple(found.items())


def _listed_terms(table: Mapping[str, Any], file: str, strength: Strength) -> list[str]:
    """Return the terms of this strength among `[[terms]]`; without one, a term is strong."""
    rows = table.get("terms", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise GlossaryError(f"{file}: terms: must be [[terms]] tables with a text")
    found = []
    for row in rows:
        _check_keys(row, TERM_KEYS, file, "terms.")
        if not isinstance(row.get("text"), str) or not row["text"].strip():
            raise GlossaryError(f"{file}: terms.text: missing")
        given = row.get("strength", "strong")
        if given not in STRENGTHS:
            raise GlossaryError(f"{file}: terms.strength: {given!r}; known: {', '.join(STRENGTHS)}")
        if given == strength:
            found += _spellings(row["text"].strip(), f"{file}: terms.text")
    return found


def _conjunctions(table: Mapping[str, Any], file: str, groups: Groups) -> tuple[Conjunction, ...]:
    rows = table.get("conjunctions", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise GlossaryError(f"{file}: conjunctions: must be [[conjunctions]] tables")
    return tuple(_conjunction(row, file, groups) for row in rows)


def _conjunction(row: Mapping[str, Any], file: str, groups: Groups) -> Conjunction:
    _check_keys(row, CONJUNCTION_KEYS, file, "conjunctions.")
    name, wanted = row.get("name", ""), row.get("all", [])
    if not isinstance(wanted, list) or len(wanted) < 2:
        raise GlossaryError(f"{file}: conjunctions.all: needs two groups or more ({name!r})")
    parts = tuple(
        _expand(
            part if isinstance(part, list | dict) else [part], f"{file}: conjunctions.all", groups
        )
        for part in wanted
    )
    within = row.get("within", "opening")
    if within not in ("sentence", "opening"):
        raise GlossaryError(
            f"{file}: conjunctions.within: {within!r} is neither 'sentence' nor 'opening'"
        )
    weight = float(_number(row, "weight", 0.0, f"{file}: conjunctions."))
    return Conjunction(name or " + ".join(map(str, wanted)), parts, weight, within)
