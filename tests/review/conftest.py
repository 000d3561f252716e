"""The review page in a fresh browser, as a reviewer of the test's own."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.review.desk import ReviewDesk


@pytest.fixture
def page(chromium: Any, desk: ReviewDesk, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The page of the module's desk; fails on a script's error."""
    context = chromium.new_context(viewport={"width": 1280, "height": 850})
    context.add_init_script(
        f"localStorage.getItem('chipwire-reviewer') ||"
        f" localStorage.setItem('chipwire-reviewer', '{request.node.name[:60]}')"
    )
    page = context.new_page()
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108 - needs a function
    page.goto(desk.url)
    page.wait_for_selector("#list a[aria-current]")
    yield page
    context.close()
    assert errors == []
