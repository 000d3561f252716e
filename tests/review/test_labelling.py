"""What comes by HTTP and is no label is refused, and takes no other with it."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.review.labelling import NOTE, is_near, parse, who
from tests.review.desk import LINES, ReviewDesk, fill, reviewing

PATH = "/-/chipwire/label"
GOOD = {"article_id": 1, "topic": "foundry", "verdict": "yes"}


@pytest.fixture(scope="module", params=LINES, ids=lambda line: f"Datasette {line}")
def desk(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[ReviewDesk]:
    home = tmp_path_factory.mktemp("labelling")
    fill(home, articles=4)
    with reviewing(home, line=request.param) as desk:
        yield desk


def send(desk: ReviewDesk, body: str) -> tuple[int, Any]:
    code, _, text = desk.request("POST", PATH, body=body, authorization=f"Bearer {desk.token()}")
    return code, json.loads(text)


def labels(*rows: dict[str, Any], reviewer: Any = "bot") -> str:
    return json.dumps({"reviewer": reviewer, "labels": rows})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(labels({**GOOD, "article_id": True}), "article_id", id="true is no id"),
        pytest.param(labels({**GOOD, "article_id": 2**63}), "article_id", id="no SQLite integer"),
        pytest.param(labels({**GOOD, "article_id": 1.0}), "article_id", id="a broken number"),
        pytest.param(labels({**GOOD, "note": "x" * (NOTE + 1)}), "2,000", id="a note too long"),
        pytest.param(labels({**GOOD, "note": ["x"]}), "note", id="a list for a note"),
        pytest.param(labels({**GOOD, "verdict": ["yes"]}), "must be one of", id="a list of words"),
        pytest.param(labels({**GOOD, "topic": "t" * 81}), "no topic", id="a topic of 81 letters"),
        pytest.param("[" * 100_000, "no label", id="nested without end"),
        pytest.param('{"labels": ' + "[" * 50_000, "no label", id="nested within labels"),
        pytest.param('{"labels": NaN}', "expected", id="no number"),
    ],
)  # fmt: skip
def test_what_is_no_label_is_refused_and_nothing_written(
    desk: ReviewDesk, body: str, words: str
) -> None:
    before = desk.labels()
    code, said = send(desk, body)
    assert (code, words in said["error"]) == (400, True)
    assert desk.labels() == before


def test_a_topic_nobody_watches_fails_alone(desk: ReviewDesk) -> None:
    rows = [{**GOOD, "topic": topic, "verdict": "skip"} for topic in ("fondry", "a\0b", "hbm")]
    code, said = send(desk, labels(*rows))
    assert code == 200
    assert [result["saved"] for result in said["results"]] == [False, False, True]
    assert "there is no topic 'fondry'" in said["results"][0]["error"]
    assert desk.rows("SELECT count(*) FROM labels WHERE topic NOT IN ('foundry', 'hbm')") == [(0,)]


def test_controls_and_surrogates_do_not_reach_the_log(desk: ReviewDesk) -> None:
    row = {**GOOD, "article_id": 2, "note": "evil\ud800 \u202enote\x1b[31m\nnext"}
    code, said = send(desk, labels(row, reviewer="\udfff\u202e bo\tb \x07"))
    assert (code, said["results"]) == (200, [{"saved": True, "new": True}])
    found = desk.rows("SELECT reviewer, note FROM labels WHERE article_id = 2")
    assert found == [("bo b", "evil note next")]


def test_a_body_without_end_is_not_read_to_its_end(desk: ReviewDesk) -> None:
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\nAuthorization: Bearer"
        f" {desk.token()}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    with socket.create_connection(("127.0.0.1", desk.port), timeout=60) as connection:
        connection.sendall(head.encode() + chunk * 17)  # 1.1 MB, and no end
        answer = b""
        while b"it is too long" not in answer:
            part = connection.recv(65536)
            assert part, answer
            answer += part


@pytest.mark.parametrize(
    ("client", "near"),
    [
        (("127.0.0.1", 1), True), (("::1", 1, 0, 0), True), (("192.168.1.7", 1), False),
        (("172.17.0.1", 1), False), (("a name", 1), False), (None, True), ((), True),
    ],
)  # fmt: skip
def test_what_is_near_comes_from_this_machine(client: Any, near: bool) -> None:
    assert is_near(client) is near


@pytest.mark.parametrize("name", [None, 7, "", "  \n ", "\u202e", ["ann"]])
def test_who_says_nothing_of_himself_is_the_reviewer(name: object) -> None:
    assert who(name) == "reviewer"


def test_a_note_of_the_longest_length_is_kept() -> None:
    (said,) = parse(labels({**GOOD, "note": "中" * NOTE}).encode())
    assert said.note == "中" * NOTE
