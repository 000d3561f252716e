"""The shape of the house: small files, short functions, one home per library, no code in data."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted(
    path
    for folder in ("pipeline", "classifiers", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
)
SHIPPED = [path for path in CODE if path.relative_to(ROOT).parts[0] in ("pipeline", "classifiers")]
DATA_FOLDERS = ("config", "seeds")

# library -> the only places that may import it
HOMES = {
    "apscheduler": ("pipeline/daemon", "pipeline/steps/schedule"),
    "datasette": ("pipeline/review",),
    "distributed": ("pipeline/adapters/workers/cluster",),
    "feedparser": ("pipeline/steps/feeds",),
    "htmldate": ("pipeline/steps/extraction",),
    "jinja2": ("pipeline/review", "pipeline/steps/digest", "pipeline/steps/newsroom"),
    "pebble": ("pipeline/adapters/workers",),
    "prometheus_client": ("pipeline/daemon/metrics",),
    "py3langid": ("pipeline/steps/extraction", "pipeline/steps/language"),
    "pydantic": ("pipeline/settings",),
    "rich": ("pipeline/cli",),
    "scipy": ("classifiers",),
    "sklearn": ("classifiers",),
    "smtplib": ("pipeline/adapters",),
    "sqlite3": ("pipeline/adapters/store", "pipeline/review"),
    "sqlite_utils": ("pipeline/adapters/store",),
    "trafilatura": ("pipeline/steps/extraction",),
    "uvicorn": ("pipeline/review",),
    "urllib3": ("pipeline/adapters/http",),
    "warcio": ("pipeline/adapters/archives",),
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", CODE, ids=name)
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", CODE, ids=name)
def test_a_function_has_at_most_50_lines(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 50, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", SHIPPED, ids=name)
def test_a_file_says_in_its_first_line_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("folder", DATA_FOLDERS)
def test_data_folders_hold_no_code(folder: str) -> None:
    assert not list((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", SHIPPED, ids=name)
def test_each_library_has_one_home(path: Path) -> None:
    for library in imports(path) & HOMES.keys():
        assert name(path).startswith(HOMES[library]), f"{library} lives in {HOMES[library]}"


def test_no_file_is_called_utils_or_helpers() -> None:
    forbidden = {"utils", "helpers", "misc", "common", "base", "manager"}
    assert not [name(path) for path in SHIPPED if path.stem in forbidden]
