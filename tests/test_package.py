"""The wheel: built, installed into a fresh environment, run from another folder."""

import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.package


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def chipwire(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console script in an environment that holds this wheel and, by path, our libraries."""
    place = tmp_path_factory.mktemp("fresh") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    subprocess.run(
        [
            sys.executable, "-m", "pip", "--python", str(place), "install", "--quiet",
            "--no-index", "--no-deps", str(wheel),
        ],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    # A path in a .pth file is not searched for further .pth files: the editable install that
    # these tests run from stays out of sight.
    site = next(place.glob("lib/python*/site-packages"))
    (site / "libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return place / "bin" / "chipwire"


def test_the_wheel_holds_data_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "pipeline/config/chipwire.toml", "pipeline/config/topics/hbm.toml",
        "pipeline/seeds/article.txt", "pipeline/seeds/labels.csv", "pipeline/py.typed",
    ):  # fmt: skip
        assert wanted in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


def test_the_installed_program_does_the_main_job_from_any_folder(
    chipwire: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [str(chipwire), "--home", str(tmp_path / "home"), "run", "--sample"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Next:" in done.stdout


def test_init_writes_what_the_wheel_carries(chipwire: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(chipwire), "init", str(tmp_path / "home")],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "home" / "topics" / "hbm.toml").is_file()


def needed(name: str, *, extra: str = "") -> list[Requirement]:
    """Return what a library asks for, here and now; with an extra, only what that adds."""
    asked = [Requirement(line) for line in requires(name) or ()]
    plain = [one for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
    if not extra:
        return plain
    wanted = {"extra": canonicalize_name(extra)}
    return [one for one in asked if one not in plain and one.marker and one.marker.evaluate(wanted)]


def test_what_a_library_asks_for_by_an_extra_we_ask_for_ourselves() -> None:
    """pip before 23.3 overlooks an extra spelled html_clean where lxml says html-clean."""
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {canonicalize_name(Requirement(line).name) for line in ours}
    open_, seen, by_extra = set(names), set(names), set()
    while open_:
        for asked in needed(open_.pop()):
            added = [one for extra in asked.extras for one in needed(asked.name, extra=extra)]
            by_extra |= {canonicalize_name(one.name) for one in added}
            found = {canonicalize_name(one.name) for one in (asked, *added)} - seen
            open_ |= found
            seen |= found
    assert "lxml-html-clean" in by_extra
    assert by_extra <= names
