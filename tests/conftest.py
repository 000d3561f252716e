"""What every test may ask for: a clean environment and, for `browser` tests, Chromium."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# No timing assertions, hypothesis's included: a busy machine takes 500 ms for what takes 5.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# The headless shell first: the same engine without the browser around it, in half the time.
CHROMIUM = next(
    (
        found
        for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)
# Without these, headless Chromium looks up hosts of its maker at every start.
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(autouse=True)
def clean_environment() -> Iterator[None]:
    """Keep the developer's own watch, settings and colours out of the tests."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if is_ours(name)}
    os.environ["NO_COLOR"] = "1"
    yield
    os.environ.update(kept)


def is_ours(name: str) -> bool:
    keep = ("CHIPWIRE_REQUIRE_BROWSER", "CHIPWIRE_SHARED")
    return name == "NO_COLOR" or (name.startswith("CHIPWIRE_") and name not in keep)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium (Playwright's Browser); skips by name where there is none."""
    if CHROMIUM is None:
        if os.environ.get("CHIPWIRE_REQUIRE_BROWSER"):
            pytest.fail("CHIPWIRE_REQUIRE_BROWSER is set and there is no Chromium")
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
