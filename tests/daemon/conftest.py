"""What the tests of the daemon share: a server on loopback, and a home whose model is made."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.server import RecordingServer
from tests.daemon.home import WatchedHome


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the packaged topics' model, made once: ten seconds of processor a home."""
    with RecordingServer() as server:
        home = WatchedHome(tmp_path_factory.mktemp("trained"), server)
        assert home.run("run").returncode == 0
    return home.path / "models"


@pytest.fixture
def home(tmp_path: Path, server: RecordingServer, models: Path) -> WatchedHome:
    return WatchedHome(tmp_path / "Meine Wache 晶片", server, models=models)
