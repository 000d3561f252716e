"""Packaged data is found in a checkout, in a wheel's layout and inside a zip."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import pipeline
from pipeline.adapters.files import packaged

PROBE = """
from pipeline.adapters.files import packaged
print((packaged("seeds") / "article.txt").read_text(encoding="utf-8"))
"""


def test_a_checkout_has_its_seeds_beside_the_package() -> None:
    assert "SMIC" in (packaged("seeds") / "article.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("zipped", [False, True], ids=["unpacked wheel", "zipped wheel"])
def test_a_wheel_has_its_seeds_inside_the_package(tmp_path: Path, zipped: bool) -> None:
    source = Path(pipeline.__file__).parent
    layout = {
        "pipeline/__init__.py": "",
        "pipeline/adapters/__init__.py": "",
        "pipeline/errors.py": (source / "errors.py").read_text("utf-8"),
        "pipeline/adapters/files.py": (source / "adapters" / "files.py").read_text("utf-8"),
        "pipeline/seeds/article.txt": "from the wheel",
    }
    home = tmp_path / ("wheel.zip" if zipped else "site")
    if zipped:
        with zipfile.ZipFile(home, "w") as archive:
            for name, text in layout.items():
                archive.writestr(name, text)
    else:
        for name, text in layout.items():
            target = home / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-S", "-c", PROBE],
        env={"PYTHONPATH": str(home)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "from the wheel"
