"""Reads the topic files of a watch one by one, so that one that makes no sense hides no other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from classifiers.glossary import TopicGlossary
    from classifiers.topic_check import TopicCheck


@dataclass(frozen=True, slots=True)
class TopicFile:
    """A topic file: what it states, or what is wrong with it and how to mend it."""

    name: str
    topic: "TopicGlossary | None"
    wrong: str = ""
    fix: str = ""


def read_all(folder: Traversable, vocabulary: Traversable) -> list[TopicFile]:
    """Return every topic file of a folder, by name."""
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return [read(file, vocabulary) for file in sorted(files, key=lambda file: file.name)]


def read(file: Traversable, vocabulary: Traversable) -> TopicFile:
    """Return what one file states, or what is wrong with it."""
    from classifiers.errors import GlossaryError
    from classifiers.glossary import load_vocabulary, parse_topic

    try:
        text = file.read_text(encoding="utf-8-sig")
        return TopicFile(
            file.name, parse_topic(text, file.name, shared=load_vocabulary(vocabulary))
        )
    except GlossaryError as error:
        return TopicFile(file.name, None, error.reason, error.fix)
    except UnicodeDecodeError as error:
        return TopicFile(file.name, None, f"{file.name}: not UTF-8: {error}", "save it as UTF-8")
    except OSError as error:
        wrong = f"{file.name}: cannot be read: {error.strerror}"
        return TopicFile(file.name, None, wrong, "check the path and its permissions")


def wanted(which: str, known: Sequence[TopicFile], vocabulary: Traversable) -> TopicFile:
    """Return the topic file of a name or path. Raises ConfigError when there is none."""
    if which.endswith(".toml"):
        return read(Path(which), vocabulary)
    for file in known:
        if which in (file.name.removesuffix(".toml"), file.topic.name if file.topic else ""):
            return file
    from difflib import get_close_matches

    names = [file.topic.name if file.topic else file.name for file in known]
    close = get_close_matches(which, names, n=1)
    raise ConfigError(
        f"no topic {which!r}",
        fix=f"did you mean {close[0]}?" if close else f"known are {', '.join(names)}",
    )


def check(
    topic: "TopicGlossary",
    known: Sequence[TopicFile],
    texts: Iterable[tuple[int, str, str]],
) -> "TopicCheck":
    """Return what a topic would do beside the others to texts of (id, title, text)."""
    from classifiers.topic_check import check_topic

    return check_topic(topic, [file.topic for file in known if file.topic], texts)
