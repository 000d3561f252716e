"""The home of one watch: where its files and its state lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """One folder: configuration the user writes, state chipwire writes."""

    path: Path

    @property
    def settings(self) -> Path:
        return self.path / "chipwire.toml"

    @property
    def feeds(self) -> Path:
        return self.path / "feeds.opml"

    @property
    def companies(self) -> Path:
        return self.path / "companies.toml"

    @property
    def topics(self) -> Path:
        return self.path / "topics"

    @property
    def database(self) -> Path:
        return self.path / "chipwire.db"

    @property
    def models(self) -> Path:
        return self.path / "models"

    @property
    def backups(self) -> Path:
        return self.path / "backups"

    @property
    def digests(self) -> Path:
        return self.path / "digests"

    @property
    def review(self) -> Path:
        return self.path / "review"


def find_home(option: str | None, environment: Mapping[str, str], here: Path) -> Home:
    """Return the home: --home, else CHIPWIRE_HOME, else this folder if it holds
    chipwire.toml, else the user's data folder."""
    chosen = option or environment.get("CHIPWIRE_HOME")
    if chosen:
        return Home(Path(chosen).expanduser().resolve())
    if (here / "chipwire.toml").is_file():
        return Home(here.resolve())
    data = environment.get("XDG_DATA_HOME") or "~/.local/share"
    return Home((Path(data).expanduser() / "chipwire").resolve())
