"""Packaged files: finds `config/` and `seeds/` wherever chipwire was installed."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from pipeline.errors import ConfigError

DataFolder = Literal["config", "seeds"]


def packaged(folder: DataFolder) -> Traversable:
    """Return the data folder that travels with chipwire.

    A wheel holds it inside the package (which may be a zip, hence no `Path`); a checkout
    or an editable install has it beside the package.
    """
    inside = files("pipeline") / folder
    if inside.is_dir():
        return inside
    return Path(__file__).resolve().parent.parent.parent / folder


def configured(config: Path, name: str) -> Traversable:
    """Return a folder of the configuration: `config`'s alone if it exists, else the packaged."""
    own = config / name
    return own if own.is_dir() else packaged("config") / name


def read_configured(config: Path, name: str) -> tuple[str, bytes]:
    """Return a configuration file and what to call it: that of `config`, else the packaged.

    Raises:
        ConfigError: the file is there and cannot be read.
    """
    own = config / name
    try:
        if own.is_file():
            return str(own), own.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{own} cannot be read", why=str(error), fix="check its permissions"
        ) from error
    return f"packaged {name}", (packaged("config") / name).read_bytes()
