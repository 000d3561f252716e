"""Files, commands, web hooks and chat: taken, refused, kept."""

import json
import os
import shlex
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pipeline.adapters.channels.chat import ChatChannel
from pipeline.adapters.channels.command import CommandChannel
from pipeline.adapters.channels.folder import FolderChannel
from pipeline.adapters.http.hook import HookChannel
from pipeline.errors import DeliveryError

ID = "<1@chipwire.invalid>"


def files(**texts: str) -> bytes:
    return json.dumps(texts).encode()


def test_files_are_written_whole_and_twice_is_the_same(tmp_path: Path) -> None:
    folder = FolderChannel(tmp_path)
    for _ in range(2):
        folder.send("daily", ID, json.dumps({"a.html": "一", "topics/b.xml": "two"}).encode())
    assert (tmp_path / "daily" / "a.html").read_text(encoding="utf-8") == "一"
    found = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert found == ["a.html", "b.xml"]  # no half-written file stays behind


@pytest.mark.parametrize("name", ["../outside.html", "/etc/outside.html", "a/../../x.html"])
def test_a_name_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DeliveryError, match="outside"):
        FolderChannel(tmp_path / "digests").send("..", ID, json.dumps({name: "x"}).encode())
    assert not list(tmp_path.rglob("*.html"))


def test_a_folder_in_the_way_of_a_file_is_a_bad_day(tmp_path: Path) -> None:
    (tmp_path / "daily").write_text("a file where the folder should be")
    with pytest.raises(DeliveryError) as caught:
        FolderChannel(tmp_path).send("daily", ID, files(a="x"))
    assert not caught.value.permanent


def command(code: str) -> str:
    return shlex.join([sys.executable, "-c", code])


def test_a_command_gets_the_digest_and_its_number(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = (
        f"import os,sys; open({str(out)!r},'w').write(sys.stdin.read()"
        "+os.environ['CHIPWIRE_MESSAGE_ID'])"
    )
    CommandChannel().send(command(code), ID, b"digest ")
    assert out.read_text() == f"digest {ID}"


def test_a_command_line_is_no_shell_script(tmp_path: Path) -> None:
    CommandChannel().send(f"{command('pass')} ; touch {tmp_path}/evil", ID, b"x")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param(command("import sys; sys.exit('no space')"), "no space", id="a failure"),
        pytest.param("/no/such/program --token s3cret", "No such file", id="a missing program"),
        pytest.param("'unbalanced", "quotation", id="a broken line"),
        pytest.param(command("while True: pass"), "longer than", id="a hang"),
    ],
)
def test_a_command_that_fails_is_tried_again(line: str, why: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        CommandChannel(timeout_s=2).send(line, ID, b"x")
    assert not caught.value.permanent
    assert why in str(caught.value)
    assert "s3cret" not in str(caught.value)


@contextmanager
def hook(status: int) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    taken: list[tuple[str, bytes]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((self.headers["Idempotency-Key"], body))
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/s3cret", taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_hook_gets_the_digest_with_its_number() -> None:
    with hook(204) as (url, taken):
        HookChannel().send(url, ID, b'{"name": "daily"}')
    assert taken == [(ID, b'{"name": "daily"}')]


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(302, True), (400, True), (404, True), (410, True), (408, False), (429, False), (503, False)],
)
def test_a_hook_that_refuses_does_so_for_good_or_for_now(status: int, permanent: bool) -> None:
    with hook(status) as (url, taken), pytest.raises(DeliveryError) as caught:
        HookChannel().send(url, ID, b"{}")
    assert caught.value.permanent is permanent
    assert "s3cret" not in str(caught.value)
    assert len(taken) == 1  # a redirect is not followed


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/s3cret", "nonsense", "http://[::1/s3cret"])
def test_a_hook_that_cannot_be_reached_names_no_secret(url: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        HookChannel(timeout_s=2).send(url, ID, b"{}")
    assert "s3cret" not in str(caught.value)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # Apprise's own import
def test_a_chat_address_nobody_knows_is_refused_without_its_secret() -> None:
    pytest.importorskip("apprise")
    with pytest.raises(DeliveryError) as caught:
        ChatChannel().send("nosuchservice://s3cret", ID, b"x")
    assert "s3cret" not in str(caught.value)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_a_digest_too_long_for_a_chat_service_comes_in_parts() -> None:
    pytest.importorskip("apprise")
    words = [f"story{number}" for number in range(1_500)]
    with hook(200) as (url, taken):
        place = url.removeprefix("http://").removesuffix("/s3cret")
        ChatChannel().send(f"mmost://{place}/s3cret", ID, " ".join(words).encode())
    texts = [json.loads(body)["text"] for _, body in taken]
    assert len(texts) > 1
    assert max(map(len, texts)) <= 4_000  # what Mattermost takes
    assert " ".join(texts).split() == words


def test_chat_without_its_extra_says_what_to_install_and_keeps_the_digest() -> None:
    program = (
        "import sys; sys.modules['apprise'] = None\n"  # as where it is not installed
        "from pipeline.adapters.channels.chat import ChatChannel\n"
        "from pipeline.errors import DeliveryError\n"
        "try:\n"
        "    ChatChannel().send('slack://s3cret', '<1>', b'x')\n"
        "except DeliveryError as error:\n"
        "    print(error.permanent, error.everyone, error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert said.startswith("False True chat services need the extra")
    assert 'pip install "chipwire[chat]"' in said
    assert "s3cret" not in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_a_bad_day(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(DeliveryError) as caught:
        FolderChannel(tmp_path).send("daily", ID, files(a="x"))
    assert not caught.value.permanent
