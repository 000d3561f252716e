"""The sample newsroom on loopback: one server, many outlets, told apart by host name."""

from pipeline.adapters.newsroom.library import load_archive
from pipeline.adapters.newsroom.newsroom import Newsroom
from pipeline.adapters.newsroom.server import Exchange

__all__ = ["Exchange", "Newsroom", "load_archive"]
