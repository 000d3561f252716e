"""Reads the file of companies and their names, and says what in it makes no sense, and where."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pipeline.errors import ConfigError

KEYS = ("name", "kind", "aliases", "products", "unsure", "near", "tickers", "except")


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """One company of the file. `sure` are its names and products; `near` settles `unsure`.

    `other` are phrases that hold a name and mean something else.
    """

    name: str
    kind: str
    sure: tuple[str, ...]
    unsure: tuple[str, ...]
    near: tuple[str, ...]
    tickers: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a spelling names; nobody where `company` is empty."""

    company: str
    unsure: bool = False


def read(data: bytes, name: str) -> tuple[CompanyRow, ...]:
    """Return the companies of the file, in its order; `name` stands for it in errors.

    Raises:
        ConfigError: names file, line and key of the first thing that makes no sense.
    """
    source = _Source(data, name)
    table = source.table()
    context = source.words(table, "context", "")
    rows: dict[str, CompanyRow] = {}
    taken: dict[str, str] = {}
    for raw in source.rows(table):
        row = _row(source, raw, context)
        if row.name in rows:
            raise source.error(row.name, "name", "stands here twice")
        rows[row.name] = row
        _refuse_shared_names(source, row, taken)
    return tuple(rows.values())


def spellings(rows: Sequence[CompanyRow]) -> dict[str, Whose]:
    """Return every name of every company, and the phrases that name nobody."""
    found: dict[str, Whose] = {}
    for row in rows:
        found |= dict.fromkeys(row.sure, Whose(row.name))
        found |= dict.fromkeys(row.unsure, Whose(row.name, unsure=True))
        found |= dict.fromkeys(row.other, Whose(""))
    return found


def _row(source: "_Source", raw: Mapping[str, Any], context: tuple[str, ...]) -> CompanyRow:
    company = source.text(raw, "name")
    unsure = source.words(raw, "unsure", company)
    own = () if company in unsure else (company,)
    return CompanyRow(
        name=company,
        kind=source.text(raw, "kind", default="company"),
        sure=own + source.words(raw, "aliases", company) + source.words(raw, "products", company),
        unsure=unsure,
        near=source.words(raw, "near", company) or context,
        tickers=source.words(raw, "tickers", company),
        other=source.words(raw, "except", company),
    )


def _refuse_shared_names(source: "_Source", row: CompanyRow, taken: dict[str, str]) -> None:
    both = set(row.sure) & set(row.unsure)
    if both:
        raise source.error(row.name, "unsure", f'"{min(both)}" is listed as sure as well')
    for key, names in (("aliases", row.sure + row.unsure), ("except", row.other)):
        whose = "" if key == "except" else row.name
        for spelling in names:
            if taken.setdefault(spelling, whose) != whose:
                other = taken[spelling] or "nobody (except)"
                raise source.error(row.name, key, f'"{spelling}" is a name of {other} already')


@dataclass(frozen=True, slots=True)
class _Source:
    """The file as read, for values checked one by one and errors that say where."""

    data: bytes
    name: str

    def table(self) -> dict[str, Any]:
        try:
            table = tomllib.loads(self.data.decode("utf-8-sig"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"{self.name} is not valid TOML", why=str(error)) from error
        self._known_keys(table, ("context", "company"), "")
        return table

    def rows(self, table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        rows = table.get("company", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.error("", "company", "must be written as [[company]] sections")
        for row in rows:
            self._known_keys(row, KEYS, str(row.get("name", "")))
            yield row

    def text(self, row: Mapping[str, Any], key: str, *, default: str = "") -> str:
        value = row.get(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self.error(str(row.get("name", "")), key, "must be a text, not empty")
        return value.strip()

    def words(self, row: Mapping[str, Any], key: str, company: str) -> tuple[str, ...]:
        value = row.get(key, [])
        if not isinstance(value, list):
            raise self.error(company, key, "must be a list of texts")
        for word in value:
            if not isinstance(word, str) or not re.search(r"\w", word):
                raise self.error(company, key, f"{word!r} is no text with a letter or digit")
        return tuple(word.strip() for word in value)

    def error(self, company: str, key: str, why: str) -> ConfigError:
        place = f"{self.name}, line {self._line(company, key)}"
        whose = f" of {company}" if company else ""
        return ConfigError(f"{place}: `{key}`{whose}", why=why, fix="mend that line")

    def _known_keys(self, row: Mapping[str, Any], known: Sequence[str], company: str) -> None:
        for key in row:
            if key not in known:
                nearest = get_close_matches(key, known, n=1, cutoff=0.0)
                raise self.error(company, key, f"is not known; nearest is `{nearest[0]}`")

    def _line(self, company: str, key: str) -> int:
        """Return the line of a key, below the company's own line where there is one."""
        lines = self.data.decode("utf-8", "replace").splitlines()
        own = [at for at, line in enumerate(lines) if company and f'"{company}"' in line]
        start = next((at for at in own if lines[at].lstrip().startswith("name")), 0)
        named = re.compile(rf'\s*"?{re.escape(key)}"?\s*=|\s*\[\[?{re.escape(key)}\]')
        after = (at for at in range(start, len(lines)) if named.match(lines[at]))
        return next(after, start) + 1
