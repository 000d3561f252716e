"""Puts the parts together: one home, its settings, and every adapter, each made when first used."""

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.adapters import lock
from pipeline.adapters.clock import SystemClock
from pipeline.adapters.files import configured, packaged, read_configured
from pipeline.errors import ConfigError, StoreEmpty, StoreError
from pipeline.settings import Home, Settings, find_home, load

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from pipeline.adapters.http.connection import Resolve
    from pipeline.adapters.reading import Readers
    from pipeline.adapters.store import Store
    from pipeline.adapters.tagger import ActiveModel, ArticleTagger
    from pipeline.jobs.group import Knowledge
    from pipeline.jobs.train import TrainPolicy
    from pipeline.models.feeds import FeedSource
    from pipeline.models.policies import AlertPolicy, DigestPolicy
    from pipeline.models.stories import BaselineLine
    from pipeline.ports import Clock, Fetcher, HostMemory, Workers


class App:
    """One watch at work. A context manager: closes what it opened, in reverse order."""

    def __init__(
        self,
        home: Home,
        settings: Settings,
        *,
        clock: "Clock | None" = None,
        environment: Mapping[str, str] | None = None,
        resolve: "Resolve | None" = None,
        config: Path | None = None,
    ) -> None:
        """`environment` holds secrets by name; `resolve` replaces the system's look-up of
        host names (the sample newsroom's); `config` is where the configuration lies if that
        is not the home itself (the daemon's copy of the one in force)."""
        self.home = home
        self.settings = settings
        self.clock = clock or SystemClock()
        self.environment = os.environ if environment is None else environment
        self.config = config or home.path
        self.resolve = resolve
        self._open = ExitStack()

    def __enter__(self) -> "App":
        return self

    def __exit__(self, *exc: object) -> None:
        self._open.close()

    @cached_property
    def store(self) -> "Store":
        """The database, made or migrated if need be.

        Raises:
            StoreError: it cannot be used, or was lost where there are backups of it.
        """
        from pipeline.adapters.store import Store
        from pipeline.adapters.store.backup import refuse_to_begin_anew

        make_folder(self.home.path)
        refuse_to_begin_anew(self.home.database, self.home.backups, self.clock.now())
        store = Store(self.home.database)
        self._open.callback(store.close)
        return store

    @cached_property
    def fetcher(self) -> "Fetcher":
        """The guarded HTTP client."""
        from pipeline.adapters.http import HttpFetcher

        return HttpFetcher(
            self.settings.fetch.policy(), self.clock, version=__version__, hosts=self.hosts,
            resolve=self.resolve,
        )  # fmt: skip

    @property
    def hosts(self) -> "HostMemory":
        """Where robots rules are kept: the database if there is one, else memory alone."""
        if self.home.database.is_file():
            from pipeline.adapters.store.hosts import StoredHosts

            return StoredHosts(self.store)
        from pipeline.adapters.http import ForgetfulHosts

        return ForgetfulHosts()

    @cached_property
    def workers(self) -> "Workers":
        """The killable processes for feeds and pages."""
        from pipeline.adapters.workers import PebbleWorkers
        from pipeline.steps.extraction.language import PLAIN

        warm = "warm" if self.languages() <= PLAIN else "warm_statistics"
        preload = (f"pipeline.adapters.{warm}",)
        workers = PebbleWorkers(self.settings.work.policy(), preload=preload)
        self._open.callback(workers.close)
        return workers

    @cached_property
    def tagger(self) -> "ArticleTagger":
        """The active model, loaded or trained."""
        from pipeline.adapters.reading import tagger_of

        return tagger_of(self.config, self.models_folder, self.active_model())

    @property
    def readers(self) -> "Readers":
        """What the workers run on pages and texts; makes the model they load if there is none."""
        from pipeline.adapters.reading import Recipe, readers

        _, companies = self.read("companies.toml")
        tagger = self.tagger
        recipe = Recipe(
            self.config, self.models_folder, tagger.used,
            model_id=tagger.model_id, companies=sha256(companies).hexdigest(),
        )  # fmt: skip
        return readers(recipe)

    @property
    def topic_sources(self) -> "tuple[Traversable, Traversable]":
        """The folder of topic files, and the file of the terms they share."""
        return self.folder("topics"), packaged("config") / "vocabulary.toml"

    @property
    def models_folder(self) -> Path:
        """Where models are cached: the home if there is one, else the user's cache folder."""
        if self.home.path.is_dir():
            return self.home.models
        cache = self.environment.get("XDG_CACHE_HOME") or "~/.cache"
        return Path(cache).expanduser() / "chipwire" / "models"

    def languages(self) -> frozenset[str]:
        """Return the languages of the articles stored last; none without a database to read."""
        from pipeline.adapters.store import Store, articles

        if not self.home.database.is_file():
            return frozenset()
        try:
            with Store(self.home.database, read_only=True) as store:
                return articles.recent_languages(store)
        except StoreError:  # whoever needs the database says what is wrong with it
            return frozenset()

    def active_model(self) -> "ActiveModel | None":
        """Return the trained model the database names, if there is one."""
        if not self.home.database.is_file():
            return None
        from pipeline.adapters.store import Store, models
        from pipeline.adapters.tagger import ActiveModel

        try:
            with Store(self.home.database, read_only=True) as store:
                found = models.active(store)
        except StoreEmpty:  # killed while it made the database: the pass makes it
            return None
        return ActiveModel(found.made_of, found.topics) if found else None

    def reload_tagger(self) -> None:
        """Look for the active model anew, after training or `models use`."""
        self.__dict__.pop("tagger", None)

    @property
    def train_policy(self) -> "TrainPolicy":
        """How models are trained."""
        from pipeline.jobs.train import TrainPolicy

        return TrainPolicy(
            self.models_folder, self.settings.review.labels, self.settings.train.after_labels
        )

    @cached_property
    def baseline(self) -> "Sequence[BaselineLine]":
        """The seed article's statements."""
        from pipeline.adapters.tagger import load_baseline

        return load_baseline(packaged("seeds"))

    @cached_property
    def feeds(self) -> "tuple[FeedSource, ...]":
        """The feeds of the home's OPML, else of the packaged one."""
        from pipeline.steps import opml

        name, data = self.read("feeds.opml")
        return tuple(opml.read(data, name=name).feeds)

    @cached_property
    def knowledge(self) -> "Knowledge":
        """Companies (the home's alias file, else the packaged one), concepts, the baseline."""
        from pipeline.jobs.group import Knowledge
        from pipeline.steps import companies, concepts, outlets

        name, data = self.read("companies.toml")
        owners_name, owners = self.read("outlets.toml")
        return Knowledge(
            companies.load(data, name=name),
            concepts.load((packaged("config") / "concepts.toml").read_bytes(), "concepts.toml"),
            outlets.load(owners, owners_name),
            self.baseline,
        )

    @property
    def digest_policies(self) -> "list[DigestPolicy]":
        """The digests of the configuration."""
        return [digest.policy() for digest in self.settings.digest]

    @property
    def alert_policies(self) -> "list[AlertPolicy]":
        """The alert rules of the configuration."""
        return [alert.policy() for alert in self.settings.alert]

    @property
    def topic_titles(self) -> dict[str, str]:
        """The title of every topic by its name."""
        return {topic.name: topic.title for topic in self.tagger.topics}

    @property
    def review_url(self) -> str:
        """What links to the review page start with."""
        review = self.settings.review
        return review.url.rstrip("/") or f"http://{review.host}:{review.port}"

    def folder(self, name: str) -> "Traversable":
        """Return a configuration folder: the home's alone if it exists, else the packaged one."""
        return configured(self.config, name)

    def read(self, name: str) -> tuple[str, bytes]:
        """Return a configuration file and its name: the home's, else the packaged one."""
        return read_configured(self.config, name)

    def lock(self, holder: str) -> int:
        """Be the only one at work in this home until closed; return the lock's descriptor.

        Raises:
            StoreLocked: another chipwire is; its name stands in the error.
        """
        make_folder(self.home.path)
        return self._open.enter_context(lock.hold(self.home.path / "chipwire.lock", holder))


def open_app(option: str | None, environment: Mapping[str, str] | None = None) -> App:
    """Return the app of the home the user means, with its settings checked.

    Raises:
        ConfigError: the configuration makes no sense; nothing was started.
    """
    environment = os.environ if environment is None else environment
    home = find_home(option, environment, Path.cwd())
    if home.path.is_file():
        raise ConfigError(
            f"{home.path} is a file, and a home is a folder",
            fix="point --home or CHIPWIRE_HOME at the folder of your watch",
        )
    return App(home, load(home.settings, environment), environment=environment)


def make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be made", why=str(error), fix="choose another folder with --home"
        ) from error
