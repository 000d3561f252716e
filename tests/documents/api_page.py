"""docs/api.md: what Python programs may import, with signatures and docstrings."""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module

PUBLIC = (
    ("classifiers", ("TopicClassifier",)),
    ("classifiers.tagger", ("Tagger", "train")),
    ("classifiers.materials", ("Materials",)),
    ("classifiers.glossary", ("load_topics", "parse_topic", "TopicGlossary")),
    ("classifiers.metrics", ("evaluate",)),
    ("classifiers.errors", ("ClassifierError",)),
    ("pipeline.app", ("App", "open_app")),
    ("pipeline.app.one_pass", ("run_pass", "PassReport")),
    ("pipeline.settings", ("Settings", "load", "find_home")),
    ("pipeline.adapters.store", ("Store",)),
    ("pipeline.errors", ("ChipwireError", "ConfigError", "StoreError", "StoreLocked")),
)


def written() -> str:
    """Return what the page holds below its introduction."""
    return "\n".join([*sections()])


def sections() -> Iterator[str]:
    for module, names in PUBLIC:
        yield f"## `{module}`\n"
        for name in names:
            yield from described(getattr(import_module(module), name), name)


def described(thing: object, name: str) -> Iterator[str]:
    """Yield a function or a class with its methods: how each is called, what it says of itself."""
    yield f"### `{name}`\n"
    yield block(signature(thing, name), inspect.getdoc(thing))
    for method, member in vars(thing).items() if inspect.isclass(thing) else ():
        if not method.startswith("_") and is_callable(member):
            call = inspect.unwrap(getattr(thing, method))
            yield block(signature(call, f"{name}.{method}"), inspect.getdoc(call))


def is_callable(member: object) -> bool:
    return inspect.isfunction(member) or isinstance(member, classmethod)


def signature(thing: object, name: str) -> str:
    """Return how a thing is called; types by their last name, as the import gives them."""
    try:
        found = str(inspect.signature(thing))  # type: ignore[arg-type] # a class or a function
    except ValueError:
        found = "(…)"
    found = re.sub(r"(: |-> )'([^']+)'", r"\1\2", found)
    found = re.sub(r"\b(?:[^\W\d]\w*\.)+(\w+)", r"\1", found)
    found = re.sub(r"<function (\w+) at 0x[0-9a-f]+>", r"\1", found)
    found = found.replace("ndarray[tuple[Any, ...], dtype[float64]]", "ndarray")
    return f"{'class ' if inspect.isclass(thing) else ''}{name}{found}"


def block(head: str, text: str | None) -> str:
    return f"```python\n{head}\n```\n\n{text or ''}\n".replace("\n\n\n", "\n\n")
