"""Packaged files: finds `config/` and `seeds/` wherever chipwire was installed."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

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
