"""The list of feeds as OPML 2.0: read, edit, write; what other readers wrote into it stays."""

from pipeline.steps.opml.options import NAMESPACE
from pipeline.steps.opml.reading import read
from pipeline.steps.opml.tree import Outline, Subscriptions, walk
from pipeline.steps.opml.writing import add, outline_of, remove, write

__all__ = [
    "NAMESPACE",
    "Outline",
    "Subscriptions",
    "add",
    "outline_of",
    "read",
    "remove",
    "walk",
    "write",
]
