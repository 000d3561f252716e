"""Says of each value of the configuration where it comes from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from pipeline.settings.load import line_of, load, overlay, parse, read


@dataclass(frozen=True, slots=True)
class Value:
    """One key in force; `number` tells tables of one name apart, None where there is one.

    `origin` is "default", the file with its line, or the name of the environment variable.
    """

    section: str
    key: str
    value: object
    origin: str
    number: int | None = None


def in_force(path: Path, environment: Mapping[str, str]) -> list[Value]:
    """Return every value of a home's settings, in the order of the schema.

    Raises:
        ConfigError: the configuration makes no sense.
    """
    settings = load(path, environment)
    text = read(path)
    written = parse(path, text)
    set_outside = overlay({}, environment, [])

    def origin(section: str, key: str, number: int | None) -> str:
        if (section, key) in set_outside:
            return set_outside[section, key]
        table = written.get(section, {})
        table = table[number] if number is not None and table else table
        if key not in table:
            return "default"
        place = [section, key] if number is None else [section, str(number), key]
        return f"{path}:{line_of(text, place)}"

    found: list[Value] = []
    for section, part in settings:
        tables = [(None, part)] if isinstance(part, BaseModel) else list(enumerate(part))
        found += [
            Value(section, key, value, origin(section, key, number), number)
            for number, table in tables
            for key, value in table
        ]
    return found


def to_toml(value: object) -> str:
    """Return a value as it is written in the file."""
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(to_toml, value))}]"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{to_toml(key)} = {to_toml(each)}" for key, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, float):
        return f"{value:g}"
    # JSON's text, numbers and truth values are TOML's, too
    return json.dumps(value, ensure_ascii=False)
