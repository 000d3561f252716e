"""The configuration: files, environment and defaults, read once and checked whole."""

from pipeline.settings.home import Home, find_home
from pipeline.settings.load import load
from pipeline.settings.schema import Settings

__all__ = ["Home", "Settings", "find_home", "load"]
