"""The one way in which the page writes: labels by POST, each answered on its own."""

import json
from collections.abc import Collection
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from datasette import Response

from pipeline.adapters.clock import SystemClock
from pipeline.adapters.store import Store
from pipeline.adapters.store import review as table
from pipeline.errors import ChipwireError, StoreLocked
from pipeline.models.labels import REVIEWER, VERDICTS, Label
from pipeline.review import answers, guard, site
from pipeline.steps.digest.harmless import one_line

MOST_LABELS = 500  # in one request
MOST_BYTES = 1_000_000
NOTE, NAME = 2_000, 80  # characters
LARGEST = 2**63 - 1  # of SQLite's integers


async def label(datasette: Any, request: Any) -> Response:
    """Write labels: `{"reviewer": …, "labels": [{"article_id", "topic", "verdict", "note"}]}`.

    Each is answered on its own; a repeated request adds nothing. 503 while the database is
    locked: then none was written.
    """
    if request.method != "POST":
        return answers.refused(
            guard.Refusal(405, "a link never writes: send the label by POST"), request
        )
    refusal = guard.refuse_write(
        request.headers,
        hosts=site.hosts(datasette),
        token=site.token(datasette),
        near=is_near(request.scope.get("client")),
    )
    if refusal:
        return answers.refused(refusal)
    try:
        wanted = parse(await body(request))
    except (ValueError, RecursionError) as error:
        return answers.refused(guard.Refusal(400, f"this is no label: {error}"))
    path, topics, now = site.database(datasette), site.titles(datasette), SystemClock().now()
    try:
        results = await answers.in_thread(lambda: write(path, wanted, topics=topics, now=now))
    except StoreLocked as error:
        return answers.refused(guard.Refusal(503, str(error)))
    return answers.json({"results": results})


def is_near(client: Any) -> bool:
    """Tell whether a request comes from this machine; a socket without an address does."""
    try:
        return not client or ip_address(client[0]).is_loopback
    except ValueError:
        return False


async def body(request: Any) -> bytes:
    """Return what was sent. Raises ValueError as soon as it is more than a request may be."""
    data = b""
    more = True
    while more:
        message = await request.receive()
        data += message.get("body", b"")
        more = message.get("more_body", False)
        if len(data) > MOST_BYTES:
            raise ValueError("it is too long")
    return data


def parse(data: bytes) -> list[Label]:
    """Return the labels a request states. Raises ValueError with the reason for what is none."""
    sent = json.loads(data)
    if not isinstance(sent, dict) or not isinstance(sent.get("labels"), list):
        raise ValueError('expected {"labels": […]}')
    if len(sent["labels"]) > MOST_LABELS:
        raise ValueError(f"more than {MOST_LABELS} at once")
    return [to_label(row, who(sent.get("reviewer"))) for row in sent["labels"]]


def to_label(row: Any, reviewer: str) -> Label:
    if not isinstance(row, dict) or not is_id(row.get("article_id")):
        raise ValueError("it names no article_id")
    if row.get("verdict") not in VERDICTS:
        raise ValueError(f"verdict must be one of {', '.join(VERDICTS)}")
    topic, note = row.get("topic"), row.get("note") or ""
    if not isinstance(topic, str) or not 0 < len(topic) <= NAME:
        raise ValueError("it names no topic")
    if not isinstance(note, str) or len(note) > NOTE:
        raise ValueError(f"a note is a text of up to {NOTE:,} characters")
    return Label(
        row["article_id"], topic, row["verdict"], reviewer=reviewer,
        note=one_line(note, NOTE), origin="page",
    )  # fmt: skip


def is_id(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and abs(number) <= LARGEST


def write(
    path: Path, labels: list[Label], *, topics: Collection[str], now: datetime
) -> list[dict[str, Any]]:
    """Append labels in one transaction; return for each whether it stands, else why not."""
    results: list[dict[str, Any]] = []
    with Store(path) as store, store.transaction():
        for said in labels:
            try:
                if said.topic not in topics:
                    check_topic(store, said)
                new = table.record(store, said, now=now)
            except StoreLocked:
                raise
            except ChipwireError as error:
                results.append({"saved": False, "error": str(error)})
            else:
                results.append({"saved": True, "new": new})
    return results


def check_topic(store: Store, said: Label) -> None:
    """Refuse a topic that is neither watched nor was: a slip of a program would teach for ever."""
    cell = (said.article_id, said.topic)
    for known in ("tags", "review_items"):
        if store.value(f"SELECT 1 FROM {known} WHERE (article_id, topic) = (?, ?)", cell):  # noqa: S608 - one of two constants
            return
    raise ChipwireError(f"there is no topic {said.topic!r}")


def who(name: object) -> str:
    """Return a reviewer's name as one visible line, or the default."""
    return (one_line(name, NAME) if isinstance(name, str) else "") or REVIEWER
