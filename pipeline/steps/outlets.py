"""Tells who owns an outlet, so that several papers of one house count as one voice."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import ConfigError
from pipeline.steps.urls import host, registrable


@dataclass(frozen=True, slots=True)
class Outlets:
    """Owners by host or outlet name in small letters, and the hosts that only gather."""

    owners: Mapping[str, str]
    aggregators: frozenset[str]


def load(data: bytes, name: str) -> Outlets:
    """Return the outlets of a table; `name` stands for it in errors.

    Raises:
        ConfigError: the table is no TOML, an entry is no list of texts, or stands in two.
    """
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{name} is not valid TOML", why=str(error)) from error
    houses = table.get("owners", {})
    lists = {"aggregators": table.get("aggregators", []), **houses}
    for key, outlets in lists.items():
        if not isinstance(outlets, list) or not all(isinstance(one, str) for one in outlets):
            raise ConfigError(f"{name}: `{key}`", why="must be a list of texts")
    owners: dict[str, str] = {}
    for owner, outlets in houses.items():
        for outlet in outlets:
            taken = owners.setdefault(outlet.casefold(), owner)
            if taken != owner:
                raise ConfigError(
                    f"{name}: `{owner}`", why=f'"{outlet}" belongs to {taken} already'
                )
    return Outlets(owners, frozenset(one.casefold() for one in lists["aggregators"]))


def owner(site: str, url: str, outlets: Outlets) -> str:
    """Return who owns the outlet of an article, by its address and the outlet's name.

    An outlet nobody is known to own is its own owner: its registered host, or on an
    aggregator its name. Empty only where both are.
    """
    here = host(url)
    gathered = _under(here, outlets.aggregators)
    if here and not (gathered and site):
        known = (outlets.owners.get(one) for one in _parents(here))
        return next((one for one in known if one), registrable(here))
    name = " ".join(site.split())
    return outlets.owners.get(name.casefold(), name.casefold())


def _under(here: str, hosts: frozenset[str]) -> bool:
    return any(one in hosts for one in _parents(here))


def _parents(here: str) -> list[str]:
    """Return a host and the hosts above it: "a.b.c" → "a.b.c", "b.c", "c"."""
    labels = here.split(".")
    return [".".join(labels[at:]) for at in range(len(labels))]
