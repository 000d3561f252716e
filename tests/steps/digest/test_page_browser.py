"""The mail and the page in a real browser: no sideways scroll, nothing loaded, axe content."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.adapters import templates
from pipeline.steps.digest.templates import render
from pipeline.steps.digest.view import view
from tests.issues import HOSTILE, digest, story

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["mail.html", "page.html"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from pipeline.steps.digest.describe import TITLE
    from pipeline.steps.digest.harmless import one_line

    hostile = [
        story(n, title=one_line(words, TITLE) or "(untitled)") for n, words in enumerate(HOSTILE)
    ]
    updated = story(50, kind="updated", news="Yields rose to 45 percent this week.")
    path = tmp_path_factory.mktemp("pages") / request.param
    html = render(request.param, templates.load(), view(digest(*hostile, updated)))
    path.write_text(html, encoding="utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_reads_well_at_any_width_and_in_the_dark(
    chromium: "Browser", page: Path, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    asked: list[str] = []
    dialogs: list[str] = []
    context = chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,  # axe is a script, which the page's own policy refuses
    )
    tab = context.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("dialog", lambda dialog: dialogs.append(dialog.message))
    tab.goto(page.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(tab).response["violations"]
    serious = [one["id"] for one in violations if one["impact"] in ("serious", "critical")]
    context.close()
    assert not serious
    assert asked == [page.as_uri()]
    assert not dialogs
