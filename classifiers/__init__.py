"""Text in, topics out: the tagger and the multi-label classifier behind it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifiers.supervised import TopicClassifier

__all__ = ["TopicClassifier"]

# public name -> its module; imported on first use (PEP 562), because scikit-learn costs about
# 150 bare interpreter starts and `--help` must not pay them
_HOMES = {"TopicClassifier": "classifiers.supervised"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
