"""Every mistake a user is known to make ends with a sentence that says what mends it."""

import re
from pathlib import Path

import pytest

from tests.documents.faults import FAULTS, Fault, Scene, act, make
from tests.documents.faults_page import entry

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "faults.md").read_text(encoding="utf-8")
MENDS = re.compile(r"fix: \S|[Dd]id you mean|write 7d|give one of them")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.title)
def test_it_ends_with_a_sentence_that_says_what_mends_it(fault: Fault, tmp_path: Path) -> None:
    if "/dev/full" in fault.command and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    exit_code, said = act(fault, tmp_path)
    assert exit_code == fault.exit_code, said
    assert "Traceback" not in said
    assert "\x1b" not in said
    assert MENDS.search(said), said
    assert entry(fault, exit_code, said) in PAGE, "run `make docs` and read what changed"


def test_the_page_holds_these_faults_and_no_others() -> None:
    assert re.findall(r"^## (.+)$", PAGE, re.MULTILINE) == [fault.title for fault in FAULTS]


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({}, id="cron with nothing set"),
        pytest.param({"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}, id="a Latin-1 terminal"),
        pytest.param({"LC_ALL": "C", "TZ": "Asia/Tokyo"}, id="locale C in Tokyo"),
    ],
)
def test_a_poor_environment_costs_letters_at_most(
    environment: dict[str, str], tmp_path: Path
) -> None:
    scene = Scene(tmp_path)
    make(scene.home)
    scene.write("topics/rare.toml", 'name = "rare"\ntitle = "稀土"\nstrong = ["稀土"]\n')
    done = scene.play("--home", str(scene.home), "topics", "list", alone=environment)
    assert done.returncode == 0, done.stderr
    assert "rare" in done.stdout
    assert done.stderr == ""
