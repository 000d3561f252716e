"""Reading the configuration: packaged defaults, the home's file, the environment, in one go.

Every fault is reported at once, each with its file, line, key, reason and nearest valid key.
"""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from pipeline.errors import ConfigError
from pipeline.settings.schema import Alert, Digest, Settings

SECTIONS = {
    name: field.annotation
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
}
# "[[name]]", of which there may be many
TABLES: dict[str, type[BaseModel]] = {"digest": Digest, "alert": Alert}


def load(path: Path, environment: Mapping[str, str]) -> Settings:
    """Return the settings of a home; a missing file means the defaults.

    Raises:
        ConfigError: one error that lists all faults of the file and the environment.
    """
    text = read(path)
    table = parse(path, text)
    faults: list[str] = []
    set_outside = overlay(table, environment, faults)
    try:
        settings = Settings.model_validate(table)
    except ValidationError as error:
        faults += [describe(path, text, dict(fault), set_outside) for fault in error.errors()]
    if faults:
        raise ConfigError(
            "the configuration makes no sense",
            why="\n  ".join(["", *faults]).rstrip(),
            fix="mend the lines above; `chipwire init` writes a commented example",
        )
    return settings


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path} is not UTF-8 text", why=str(error), fix="save it as UTF-8"
        ) from error
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read",
            why=error.strerror or str(error),
            fix="check its permissions, and that --home or CHIPWIRE_HOME names a folder",
        ) from error


def parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"{path} is not valid TOML",
            why=str(error),
            fix='text needs quotes ("…"), lists brackets ([…]), and a section a line [name]',
        ) from error


def overlay(
    table: dict[str, Any], environment: Mapping[str, str], faults: list[str]
) -> dict[tuple[str, ...], str]:
    """Put CHIPWIRE_SECTION_KEY variables over the file's values; return who set which key."""
    set_outside: dict[tuple[str, ...], str] = {}
    passwords = password_names(table, environment)
    for name, value in sorted(environment.items()):
        section, _, key = name.removeprefix("CHIPWIRE_").lower().partition("_")
        if not name.startswith("CHIPWIRE_") or not key or name in passwords:
            continue
        model = SECTIONS.get(section)
        if model is None:
            faults += misspelt(name, section, key)
            continue
        if key not in model.model_fields:
            faults.append(f"environment: {name}: no such key{nearest(key, model.model_fields)}")
            continue
        part = table.setdefault(section, {})
        if isinstance(part, dict):
            part[key] = as_toml(value)
            set_outside[section, key] = name
    return set_outside


def password_names(table: dict[str, Any], environment: Mapping[str, str]) -> set[str]:
    """Return the variables that hold the mail password: they are no settings, whatever their name.

    CHIPWIRE_MAIL_PASSWORD is what most people would call it.
    """
    mail = table.get("mail")
    written = mail.get("password_env") if isinstance(mail, dict) else None
    return {str(written), environment.get("CHIPWIRE_MAIL_PASSWORD_ENV", "").strip('"')}


def misspelt(name: str, section: str, key: str) -> list[str]:
    """Return a fault for a variable that was meant as a setting, none for one that is a stranger.

    CHIPWIRE_HOME is ours, CHIPWIRE_SERVICE_HOST is what Kubernetes sets for a service so named.
    """
    if section in TABLES:
        if key in TABLES[section].model_fields:
            return [f"environment: {name}: [[{section}]] is written in chipwire.toml only"]
        return []
    close = get_close_matches(section, SECTIONS, n=1, cutoff=0.75)
    if close and key in SECTIONS[close[0]].model_fields:
        meant = f"CHIPWIRE_{close[0]}_{key}".upper()
        return [f"environment: {name}: no such section; did you mean {meant}?"]
    return []


def as_toml(value: str) -> object:
    """Return an environment variable as the value it would be in the file, else as text."""
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value


def describe(
    path: Path, text: str, fault: dict[str, Any], set_outside: Mapping[tuple[str, ...], str]
) -> str:
    keys = [str(part) for part in fault["loc"]]
    reason = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        reason = "no such key" + nearest(keys[-1], valid_keys(keys[:-1]))
    elif keys == ["digest"] and isinstance(fault.get("input"), dict):
        reason = "a digest is written under [[digest]], with two brackets"
    elif "input" in fault and fault["type"] not in ("value_error", "missing"):
        # pydantic: "Input should be a valid number, unable to parse string as a number"
        must = reason.replace("Input should be", "must be").replace("a valid", "a").split(",")[0]
        reason = f"{must}, not {fault['input']!r}"
    if tuple(keys[:2]) in set_outside:
        return f"environment: {set_outside[keys[0], keys[1]]}: {reason}"
    line = line_of(text, keys)
    place = f"{path}:{line}" if line else str(path)
    return ": ".join(part for part in (place, ".".join(keys), reason) if part)


def valid_keys(keys: list[str]) -> list[str]:
    if not keys:
        return list(Settings.model_fields)
    model = SECTIONS.get(keys[0]) or TABLES.get(keys[0])
    return list(model.model_fields) if model else []


def nearest(key: str, valid: Mapping[str, object] | list[str]) -> str:
    close = get_close_matches(key, list(valid), n=1)
    return f"; did you mean {close[0]}?" if close else f"; valid: {', '.join(sorted(valid))}"


def line_of(text: str, keys: list[str]) -> int | None:
    """Return the line a key stands on; tomllib keeps no positions."""
    section, table_number, wanted = "", -1, [key for key in keys if not key.isdigit()]
    index = int(keys[1]) if len(keys) > 1 and keys[1].isdigit() else 0
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.split("#")[0].strip()
        if bare.startswith("["):
            section = bare.strip("[] ")
            table_number = table_number + 1 if wanted and section == wanted[0] else table_number
            here = wanted[:1] == [section] and (not bare.startswith("[[") or table_number == index)
            if here and len(wanted) == 1:
                return number
        elif len(wanted) > 1 and section == wanted[0] and bare.split("=")[0].strip() == wanted[1]:
            if table_number == index:
                return number
        elif len(wanted) == 1 and not section and bare.split("=")[0].strip() == wanted[0]:
            return number
    return None
