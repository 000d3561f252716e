"""A hostile page in the same browser writes nothing, on both lines of Datasette; a key does."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.review.desk import LINES, ReviewDesk, fill, reviewing

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=LINES, ids=lambda line: f"Datasette {line}")
def desk(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[ReviewDesk]:
    home = tmp_path_factory.mktemp("strangers")
    fill(home, articles=5)
    with reviewing(home, line=request.param) as desk:
        yield desk


HOSTILE = """<!doctype html><script>
const body = JSON.stringify({{labels: [{{article_id: 1, topic: "foundry", verdict: "no"}}]}});
const url = "http://{host}:{port}/-/chipwire/label";
const tries = [
  {{}}, {{mode: "no-cors"}}, {{headers: {{"content-type": "application/json"}}}},
  {{mode: "no-cors", credentials: "include"}}, {{headers: {{"content-type": "text/plain"}}}},
].map((extra) => fetch(url, {{method: "POST", body, ...extra}}).then(() => "answered", String));
navigator.sendBeacon(url, body);
navigator.sendBeacon(url, new Blob([body], {{type: "application/json"}}));
Promise.all(tries).then(() => document.title = "done");
</script>
<form id="f" method="post" enctype="text/plain" action="http://{host}:{port}/-/chipwire/label">
<input name='{{"labels":[{{"article_id":1,"topic":"foundry","verdict":"no","note":"' value='"}}]}}'>
</form>"""


@contextmanager
def stranger(port: int, host: str) -> Iterator[str]:
    """Serve a hostile page from another port of this machine."""
    content = HOSTILE.format(port=port, host=host).encode()

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_hostile_page_writes_nothing(chromium: Any, desk: ReviewDesk, host: str) -> None:
    before = desk.labels()
    context = chromium.new_context()
    page = context.new_page()
    with stranger(desk.port, host) as address:
        page.goto(address)
        page.wait_for_function("document.title == 'done'")
        with page.expect_navigation():
            page.evaluate("document.getElementById('f').submit()")
        refused = page.content()  # by us, or by Datasette 1.0 before us
        assert "not as a form" in refused or "CSRF check failed" in refused
    context.close()
    assert desk.labels() == before


def test_a_key_on_the_page_itself_writes(chromium: Any, desk: ReviewDesk) -> None:
    before = desk.labels()
    page = chromium.new_page()
    page.goto(desk.url)
    page.wait_for_selector("#list a[aria-current]")
    page.keyboard.press("y")
    page.wait_for_selector("#list[aria-busy=false]", state="attached")
    page.close()
    assert [verdict for _, verdict in desk.labels()[len(before) :]] == ["yes"]
