"""Takes the README's screenshots of the sample watch: `python -m tests.documents.screenshots`."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from pipeline.adapters.store import Store
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.daemon.home import CHIPWIRE
from tests.documents.pages import DOCS

IMAGES = DOCS / "images"
BIGGEST_STORY = "SELECT id FROM stories ORDER BY outlets DESC, articles DESC, id LIMIT 1"


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: what is opened, how large, and what is waited for."""

    name: str
    address: str
    width: int
    height: int
    ready: str = "body"


def take_all() -> None:
    """Make a sample watch in a temporary folder and photograph it."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "sample"
        chipwire(home, "run", "--sample", "--no-digest")
        mail = Path(folder) / "mail.html"
        mail.write_text(chipwire(home, "digest", "preview", "--html"), encoding="utf-8")
        chipwire(home, "stats", "--weeks", "4", "--svg", str(IMAGES / "topics.svg"))
        with Store(home / "chipwire.db", read_only=True) as store:
            story = store.value(BIGGEST_STORY)
        with review_page(home) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
            for shot in shots(mail.as_uri(), site, story):
                take(browser, shot)
            browser.close()


def shots(mail: str, site: str, story: int) -> list[Shot]:
    pages = f"{site}/-/chipwire"
    return [
        Shot("digest-mail", mail, 720, 900),
        Shot("digest-phone", mail, 390, 844),
        Shot("review", f"{pages}/review", 1180, 760, "#text mark, #text p"),
        Shot("story", f"{pages}/story/{story}", 1180, 760),
        Shot("topic", f"{pages}/topic/hbm", 1180, 760),
    ]


def take(browser: Browser, shot: Shot) -> None:
    page = browser.new_page(viewport={"width": shot.width, "height": shot.height})
    page.goto(shot.address)
    page.wait_for_selector(shot.ready)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{shot.name}.png")
    page.close()


def chipwire(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*CHIPWIRE, "--home", str(home), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


@contextmanager
def review_page(home: Path) -> Iterator[str]:
    """Serve the review page; give the address it says."""
    serving: subprocess.Popen[Any] = subprocess.Popen(
        [*CHIPWIRE, "--home", str(home), "review", "--no-open", "--port", "0"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert serving.stderr is not None
    said = serving.stderr.readline()
    try:
        yield said.split()[2].removesuffix("/-/chipwire/review")
    finally:
        serving.terminate()
        serving.communicate()


if __name__ == "__main__":
    sys.exit(take_all())
