"""Reads the newsroom's files from the packaged seeds."""

from collections.abc import Iterator
from importlib.resources.abc import Traversable

from pipeline.adapters.files import packaged
from pipeline.steps.newsroom.reading import parse_drafts, parse_outlets, parse_seed
from pipeline.steps.newsroom.values import Archive


def load_archive() -> Archive:
    """Return the packaged newsroom: outlets, articles, templates and the seed page.

    Raises:
        ConfigError: an article that makes no sense.
    """
    seeds = packaged("seeds")
    room = seeds / "newsroom"
    articles = {
        name.removesuffix(".md"): text for name, text in _texts(room / "articles", suffix=".md")
    }
    seed = parse_seed(_read(seeds / "article.txt"), _read(seeds / "labels.csv"))
    return Archive(
        outlets=parse_outlets(_read(room / "outlets.toml")),
        drafts=(*parse_drafts(articles), seed),
        templates=dict(_texts(room / "templates")),
    )


def _read(file: Traversable) -> str:
    return file.read_text(encoding="utf-8")


def _texts(folder: Traversable, *, suffix: str = "", under: str = "") -> Iterator[tuple[str, str]]:
    """Yield each file below the folder as (relative path, text), in the order of names."""
    for entry in sorted(folder.iterdir(), key=lambda found: found.name):
        if entry.is_dir():
            yield from _texts(entry, suffix=suffix, under=f"{under}{entry.name}/")
        elif entry.name.endswith(suffix):
            yield under + entry.name, _read(entry)
