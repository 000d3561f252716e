"""`chipwire review` over HTTP: what is refused, what a token may, what Datasette shows."""

import html
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.review.desk import LINES, PAGE, ReviewDesk, fill, reviewing

YES = json.dumps({"labels": [{"article_id": 1, "topic": "foundry", "verdict": "yes"}]})


@pytest.fixture(scope="module", params=LINES, ids=lambda line: f"Datasette {line}")
def desk(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[ReviewDesk]:
    home = tmp_path_factory.mktemp("review") / "a home 和中文"
    home.mkdir()
    fill(home, articles=3)
    with reviewing(home, line=request.param) as desk:
        yield desk


def own_page(desk: ReviewDesk) -> dict[str, str]:
    origin = f"http://127.0.0.1:{desk.port}"
    return {
        "content_type": "application/json", "sec_fetch_site": "same-origin", "origin": origin,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        pytest.param({"origin": "http://127.0.0.1:1"}, 403, "another origin", id="another port"),
        pytest.param({"sec_fetch_site": "cross-site"}, 403, "bearer token", id="another site"),
        pytest.param({"content_type": "text/plain"}, 403, "not as a form", id="a form"),
        pytest.param({"host": "evil.test"}, 400, "not one chipwire answers to", id="forged host"),
        pytest.param({"authorization": "Bearer guess"}, 403, "token is wrong", id="a guess"),
        pytest.param(
            {"cookie": "ds_csrftoken=x", "content_type": "text/plain"}, 403, "not as a form",
            id="with a cookie",
        ),
    ],
)  # fmt: skip
def test_a_strange_write_is_refused_in_words(
    desk: ReviewDesk, changed: dict[str, str], status: int, words: str
) -> None:
    before = desk.labels()
    headers = {**own_page(desk), **changed}
    code, _, text = desk.request("POST", "/-/chipwire/label", body=YES, **headers)
    # Datasette 1.0 itself refuses what another site sent, before any plugin is asked
    assert (code, words in text or "CSRF check failed" in text) == (status, True)
    assert desk.labels() == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_a_link_never_writes(desk: ReviewDesk, method: str) -> None:
    before = desk.labels()
    query = "?article_id=1&topic=foundry&verdict=no"
    code, _, _ = desk.request(method, f"/-/chipwire/label{query}", **own_page(desk))
    assert code == 405
    assert desk.labels() == before


def test_a_token_writes_once_and_is_nowhere_to_be_seen(desk: ReviewDesk) -> None:
    token = desk.token()
    assert (desk.home / "review" / "token").stat().st_mode & 0o777 == 0o600
    before = desk.labels()
    body = json.dumps(
        {"reviewer": "bot", "labels": [{"article_id": 2, "topic": "foundry", "verdict": "no"}]}
    )
    for new in (True, False):
        code, _, text = desk.request(
            "POST", "/-/chipwire/label", body=body, authorization=f"Bearer {token}"
        )
        assert code == 200
        assert json.loads(text) == {"results": [{"saved": True, "new": new}]}
    assert desk.labels() == [*before, (2, "no")]
    for path in ("/-/metadata.json", "/-/plugins.json", "/-/settings.json", PAGE, "/chipwire.json"):
        assert token not in desk.request("GET", path)[2]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "this is no label"),
        ("[]", "expected"),
        ('{"labels": [{"article_id": 1, "topic": "foundry", "verdict": "maybe"}]}', "must be one"),
        ('{"labels": [{"article_id": "1", "topic": "foundry", "verdict": "yes"}]}', "article_id"),
        ('{"labels": [{"article_id": 1, "verdict": "yes"}]}', "no topic"),
        (json.dumps({"labels": [{}] * 501}), "more than 500"),
        (" " * 1_000_001, "too long"),
    ],
    ids=["no JSON", "a list", "a word", "a text for a number", "no topic", "too many", "too long"],
)
def test_what_is_no_label_is_refused(desk: ReviewDesk, body: str, words: str) -> None:
    code, _, text = desk.request("POST", "/-/chipwire/label", body=body, **own_page(desk))
    assert (code, words in text) == (400, True)


def test_an_article_that_is_gone_fails_alone(desk: ReviewDesk) -> None:
    rows = [{"article_id": number, "topic": "foundry", "verdict": "skip"} for number in (999, 3)]
    code, _, text = desk.request(
        "POST", "/-/chipwire/label", body=json.dumps({"labels": rows}), **own_page(desk)
    )
    results = json.loads(text)["results"]
    assert code == 200
    assert [result["saved"] for result in results] == [False, True]


def test_a_locked_database_is_said_so_and_nothing_is_lost(desk: ReviewDesk) -> None:
    browser = sqlite3.connect(desk.home / "chipwire.db", isolation_level=None)
    before = desk.labels()
    browser.execute("BEGIN IMMEDIATE")
    try:
        code, _, text = desk.request("POST", "/-/chipwire/label", body=YES, **own_page(desk))
        assert (code, "save or close it there" in text) == (503, True)
        assert desk.request("GET", "/-/chipwire/queue.json")[0] == 200
    finally:
        browser.execute("ROLLBACK")
        browser.close()
    assert desk.labels() == before


@pytest.mark.parametrize("path", [PAGE, "/-/chipwire/static/review.js", "/-/chipwire/queue.json"])
def test_nothing_foreign_may_run_on_the_page(desk: ReviewDesk, path: str) -> None:
    _, headers, _ = desk.request("GET", path)
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["static/../views.py", "static/none.js", "article/9.json", "x/"])
def test_what_is_not_there_is_not_found(desk: ReviewDesk, path: str) -> None:
    assert desk.request("GET", f"/-/chipwire/{path}")[0] == 404


@pytest.mark.parametrize("path", ["/", "/chipwire", "/chipwire/articles", PAGE])
def test_a_forged_host_reads_nothing(desk: ReviewDesk, path: str) -> None:
    for headers in ({"host": "evil.test"}, {"host": "evil.test", "authorization": "Bearer x"}):
        assert desk.request("GET", path, **headers)[0] == 400


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3), ("?topic=foundry", 3), ("?topic=hbm", 0), ("?outlet=Chip+Times", 2),
        ("?language=en", 3), ("?company=TSMC", 0), ("?query=report", 3), ("?query=%22*(", 0),
        ("?state=disputed", 0),
    ],
)  # fmt: skip
def test_filters_choose_among_all_items(desk: ReviewDesk, query: str, count: int) -> None:
    found = 0
    for state in ("open", "judged") if "state" not in query else ("",):
        extra = f"{'&' if query else '?'}state={state}" if state else ""
        text = desk.request("GET", f"/-/chipwire/queue.json{query}{extra}")[2]
        found += len(json.loads(text)["items"])
    assert found == count


def test_a_taken_port_is_said_in_words(desk: ReviewDesk, tmp_path: Path) -> None:
    from tests.cli.test_command_line import chipwire

    fill(tmp_path, articles=1)
    done = chipwire("review", "--no-open", "--port", str(desk.port), home=tmp_path)
    assert done.returncode == 2
    assert "nothing can listen at" in done.stderr


@pytest.mark.parametrize("line", LINES)
def test_a_fault_of_ours_is_a_sentence(tmp_path: Path, line: str) -> None:
    add = (
        "INSERT INTO models (id, created_at, sha256, metrics) VALUES ('x', '2026', 'x', 'no JSON')"
    )
    fill(tmp_path, articles=1)
    with reviewing(tmp_path, line=line, traced=True) as desk:
        with closing(sqlite3.connect(tmp_path / "chipwire.db")) as browser, browser:
            browser.execute(add)
        code, _, text = desk.request("GET", "/-/chipwire/progress.json")
        with closing(sqlite3.connect(tmp_path / "chipwire.db")) as browser, browser:
            browser.execute("DELETE FROM models")
        assert (code, "see its log" in text, "Traceback" in text) == (500, True, False)
        assert desk.request("GET", "/-/chipwire/progress.json")[0] == 200


@dataclass
class Asked:
    """As much of a request as the answer to a fault looks at."""

    path: str
    headers: dict[str, str]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_BUSY, "save or close it there"),
        (sqlite3.SQLITE_CORRUPT, "chipwire restore"),
        (sqlite3.SQLITE_ERROR, ""),
    ],
    ids=["locked", "damaged", "bad SQL is Datasette's to word"],
)
def test_a_fault_of_the_file_is_a_sentence_on_any_page(code: int, words: str) -> None:
    from pipeline.review import faults

    error = sqlite3.OperationalError("what SQLite says")
    error.sqlite_errorcode = code
    for accept in ("application/json", "text/html"):
        asked = Asked("/chipwire/articles", {"accept": accept})
        answer = faults.answer(asked, error)
        if words:
            assert (answer.status, words in html.unescape(answer.body)) == (503, True)
        else:
            assert answer is None
