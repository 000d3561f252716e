"""The cluster: the contract of every worker, deaths of workers and of what they are given."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("distributed")

from pipeline.adapters.workers.cluster import ClusterWorkers, check_address
from pipeline.adapters.workers.parcel import Parcel, pack, place
from pipeline.errors import ConfigError, ModelError
from pipeline.models.policies import WorkPolicy
from pipeline.ports import WorkerFailure
from tests.adapters.clusters import running_cluster
from tests.adapters.test_workers import double, halve_evens, misbehave

POLICY = WorkPolicy(timeout_s=2.0)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of two worker processes on this machine; a batch may end one worker, not two."""
    with running_cluster(tmp_path_factory.mktemp("cluster")) as found:
        yield found


@pytest.fixture(scope="module")
def workers(address: str) -> Iterator[ClusterWorkers]:
    with ClusterWorkers(address, POLICY) as workers:
        yield workers


def test_every_task_comes_back_with_its_own_answer(workers: ClusterWorkers) -> None:
    assert dict(workers.run_all(double, range(500))) == {n: 2 * n for n in range(500)}


def test_no_tasks_are_no_answers(workers: ClusterWorkers) -> None:
    assert list(workers.run_all(double, [])) == []


def test_an_exception_is_the_answer_of_its_task_only(workers: ClusterWorkers) -> None:
    answers = dict(workers.run_all(halve_evens, range(10)))
    assert [answers[n] for n in range(0, 10, 2)] == [0, 1, 2, 3, 4]
    assert isinstance(answers[3], WorkerFailure)
    assert "ValueError: 3 is odd" in answers[3].detail


def test_a_task_that_kills_its_worker_is_found_and_the_others_done(
    workers: ClusterWorkers,
) -> None:
    orders = [f"work:{number}" for number in range(60)]
    orders[17] = "kill"
    answers = dict(workers.run_all(misbehave, orders))
    assert len(answers) == 60
    failures = {order for order, answer in answers.items() if isinstance(answer, WorkerFailure)}
    assert failures == {"kill"}


def pid_once(marker: str) -> int:
    """Kill the worker of the first who comes; later ones find the marker."""
    path, _, number = marker.partition("|")
    try:
        Path(path).touch(exist_ok=False)
    except FileExistsError:
        return int(number)
    os.kill(os.getpid(), signal.SIGKILL)
    return -1


def test_a_killed_worker_costs_its_batches_a_retry_and_nothing_else(
    workers: ClusterWorkers, tmp_path: Path
) -> None:
    tasks = [f"{tmp_path / 'killed'}|{number}" for number in range(100)]
    answers = dict(workers.run_all(pid_once, tasks))
    assert [answers[task] for task in tasks] == list(range(100))


@pytest.mark.parametrize(
    ("address", "insecure", "refused"),
    [
        ("tcp://127.0.0.1:8786", False, False),
        ("127.0.0.1:8786", False, False),
        ("tcp://localhost:8786", False, False),
        ("tcp://[::1]:8786", False, False),
        ("tls://scheduler.example:8786", False, False),
        ("tcp://10.0.0.5:8786", False, True),
        ("10.0.0.5:8786", False, True),
        ("ws://127.0.0.1:8786", False, True),
        ("tcp://10.0.0.5:8786", True, False),
        ("tcp://127.0.0.1.evil.example:8786", False, True),
        ("tcp://localhost.evil.example:8786", False, True),
    ],
)
def test_code_goes_nowhere_unprotected(address: str, insecure: bool, refused: bool) -> None:
    if not refused:
        check_address(address, insecure=insecure)
        return
    with pytest.raises(ConfigError, match="neither encrypted nor on this machine"):
        check_address(address, insecure=insecure)


def test_a_parcel_is_the_same_for_the_same_files_and_checked_on_arrival(tmp_path: Path) -> None:
    (tmp_path / "home" / "topics").mkdir(parents=True)
    (tmp_path / "home" / "topics" / "hbm.toml").write_text('name = "hbm"')
    (tmp_path / "home" / "chipwire.db").write_bytes(b"stays here")
    (tmp_path / "models" / "abc").mkdir(parents=True)
    (tmp_path / "models" / "abc" / "manifest.json").write_text("{}")
    parcel = pack(tmp_path / "home", tmp_path / "models" / "abc")
    assert pack(tmp_path / "home", tmp_path / "models" / "abc") == parcel
    there = tmp_path / "there"
    there.mkdir()
    folder = place(parcel, there)
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
    assert found == ["config/topics/hbm.toml", "models/abc/manifest.json"]
    assert place(parcel, there) == folder
    with pytest.raises(ModelError, match="damaged"):
        place(Parcel(parcel.sha256, parcel.content + b"x"), there)
