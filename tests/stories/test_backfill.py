"""A backfill end to end: killed again and again, on a pool and on a cluster, the same rows."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from benchmarks.synthetic import pages, write_warc
from pipeline.adapters.store import Store
from tests.adapters.clusters import running_cluster
from tests.cli.test_keeping import chipwire
from tests.daemon.home import CHIPWIRE

PAGES = 60
# Everything that is stored of articles; the moments of storing differ between runs.
ROWS = {
    "articles": "SELECT id, url, title, author, site, language, published_at, first_seen_at,"
    " fetched_at, text, text_source, status, content_hash, date_source, part_of, cjk, tagged_by"
    " FROM articles ORDER BY id",
    "article_urls": "SELECT url, article_id FROM article_urls ORDER BY url",
    "tags": "SELECT article_id, topic, probability, tagged, evidence, terms, model_id, outcome"
    " FROM tags ORDER BY article_id, topic",
    "backfills": "SELECT identity, position, size, counts FROM backfills ORDER BY id",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archives") / "newsroom.warc.gz"
    write_warc(path, pages(PAGES))
    return path


@pytest.fixture(scope="module")
def undisturbed(
    archive: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[tuple[object, ...]]]:
    """What a backfill by the pool stores when nothing happens to it."""
    home = tmp_path_factory.mktemp("undisturbed")
    done = chipwire(home, "backfill", str(archive))
    assert done.returncode == 0, done.stderr
    return rows(home)


def rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with Store(home / "chipwire.db", read_only=True) as store:
        return {table: [tuple(row) for row in store.rows(sql)] for table, sql in ROWS.items()}


def test_killed_at_random_moments_every_record_is_stored_once(
    archive: Path, tmp_path: Path, undisturbed: dict[str, list[tuple[object, ...]]]
) -> None:
    assert chipwire(tmp_path, "doctor").returncode in (0, 1)  # makes the model
    dice = random.Random()
    for _ in range(3):
        kill_after(tmp_path, archive, dice.uniform(0.5, 6.0))
    done = chipwire(tmp_path, "backfill", str(archive))
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path) == undisturbed


def kill_after(home: Path, archive: Path, seconds: float) -> None:
    """Start a backfill and end it, workers and all, wherever it is by then."""
    process = subprocess.Popen(
        [*CHIPWIRE, "--home", str(home), "backfill", str(archive)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_cluster_stores_the_same_rows_although_a_worker_is_killed(
    archive: Path, tmp_path: Path, undisturbed: dict[str, list[tuple[object, ...]]]
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with running_cluster(tmp_path / "cluster", allowed_failures=3) as address:
        job = subprocess.Popen(
            [*CHIPWIRE, "--home", str(home), "backfill", str(archive), "--cluster", address],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        kill_a_worker(tmp_path / "cluster", home)
        _, errors = job.communicate(timeout=300)
    assert job.returncode == 0, errors
    assert rows(home) == undisturbed


def kill_a_worker(folder: Path, home: Path) -> None:
    """Wait until the first articles are stored, then kill one worker process."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        time.sleep(0.2)
        if (home / "chipwire.db").exists() and stored(home):
            break
    os.kill(worker_pid(folder), signal.SIGKILL)


def stored(home: Path) -> int:
    from pipeline.errors import StoreError

    try:
        with Store(home / "chipwire.db", read_only=True) as store:
            found: int = store.value("SELECT count(*) FROM articles")
            return found
    except StoreError:
        return 0  # it is just being made


def worker_pid(folder: Path) -> int:
    """Return the process of a worker below the nanny that runs in this folder."""
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = status.read_bytes()
            where = (status.parent / "cwd").readlink()
        except OSError:
            continue
        if where == folder and b"spawn_main" in command:
            return int(status.parent.name)
    raise AssertionError("no worker runs")
