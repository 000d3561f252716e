"""`chipwire backfill`, as a person runs it: real pages, real workers, the report, the errors."""

import json
from pathlib import Path

import pytest

from benchmarks.synthetic import pages, write_warc
from pipeline.adapters.store import Store
from tests.cli.test_keeping import chipwire

PAGES = 12


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archives") / "newsroom.warc.gz"
    write_warc(path, pages(PAGES))
    return path


def test_an_archive_is_stored_tagged_grouped_and_not_read_twice(
    archive: Path, tmp_path: Path
) -> None:
    done = chipwire(tmp_path, "backfill", str(archive), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["stored"], report["no page"], report["grouped"]) == (PAGES, PAGES, True)
    with Store(tmp_path / "chipwire.db", read_only=True) as store:
        assert store.value("SELECT count(*) FROM articles WHERE grouped_at IS NULL") == 0
        assert store.value("SELECT count(*) FROM tags WHERE tagged") > 0
    again = chipwire(tmp_path, "backfill", str(archive))
    assert again.returncode == 0
    assert again.stdout.startswith("nothing new")
    assert again.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param(["missing.warc.gz"], "missing.warc.gz cannot be read", id="no such file"),
        pytest.param(["--topic", "hmb", "."], "did you mean hbm?", id="a topic misspelt"),
        pytest.param(["--since", "soon", "."], "write 7d", id="a date that is none"),
        pytest.param(
            ["--since", "2024-02-01", "--until", "2024-01-01", "."],
            "--since must lie before --until", id="dates that exclude everything",
        ),
        pytest.param([], "Missing argument", id="no archive named"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    archive: Path, tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    named = [str(archive.parent) if word == "." else word for word in arguments]
    refused = chipwire(tmp_path, "backfill", *named)
    assert refused.returncode == 2
    assert complaint in refused.stderr
    assert "Traceback" not in refused.stderr
