"""What users do wrong, as scenes to play: a home, a command, and what goes wrong with it."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from pipeline.adapters.store import Store
from tests.newsdesk import Newsdesk
from tests.postoffice import open_post_office

CODE = "from pipeline.cli import main; main()"


@dataclass
class Scene:
    """A home with one article, and how `chipwire` is called there."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()  # packages this installation lacks
    site: str = ""  # where `{site}` in a command leads

    @property
    def home(self) -> Path:
        return self.folder / "watch"

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def play(
        self, *arguments: str, alone: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run chipwire as cron would, without a terminal; `alone` is the whole environment."""
        without = "".join(f"sys.modules[{name!r}] = None; " for name in self.missing)
        environment = {
            "HOME": str(self.folder), "PATH": os.environ["PATH"], "CHIPWIRE_HOME": str(self.home)
        } | self.environment  # fmt: skip
        return subprocess.run(
            [sys.executable, "-c", f"import sys; {without}{CODE}", *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=120,
            errors="replace", check=False, cwd=self.folder,
            env=environment if alone is None else alone,
        )  # fmt: skip


Arrange = Callable[[Scene], AbstractContextManager[object] | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: `arrange` makes it, `command` meets it."""

    title: str
    command: str
    arrange: Arrange = lambda _: None
    exit_code: int = 2


def act(fault: Fault, folder: Path) -> tuple[int, str]:
    """Play the fault in an empty folder; return the exit code and what a person reads."""
    scene = Scene(folder)
    with Store(make(scene.home) / "chipwire.db") as store:
        Newsdesk(store).article("HBM4 ships early", topics={"hbm": 0.9})
    scene.write("feeds.opml", OPML.format('<outline text="A" xmlUrl="https://a.example/feed"/>'))
    with fault.arrange(scene) or nullcontext():
        done = scene.play(*fault.command.format(site=scene.site).split())
    return done.returncode, plain(done.stdout + done.stderr, scene)


def make(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def plain(text: str, scene: Scene) -> str:
    """Return the output without what differs from one machine and day to the next."""
    text = text.replace(str(scene.home), "~/watch").replace(str(scene.folder), "~")
    text = text.replace(scene.site, "http://127.0.0.1:8000/") if scene.site else text
    text = re.sub(r"program knows \d+", "program knows 1", text)
    text = re.sub(r"\bpid \d+", "pid 4711", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "2026-11-23T07:00:00Z", text)
    text = re.sub(r"(127\.0\.0\.1:)\d{5}", r"\g<1>8571", text)
    return text.strip()


OPML = '<opml version="2.0"><body>{}</body></opml>'
MAIL = '[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "n@desk.example"\n'
WELCOME = "<html><body>Welcome</body></html>"
LOOPBACK = '[fetch]\nallow_networks = ["127.0.0.0/8"]\nhost_delay_s = 0\n'
TO_ANN = '[[digest]]\nname = "daily"\nchannels = ["mail:ann@desk.example"]\n'


def settings(text: str | bytes) -> Arrange:
    return files(**{"chipwire.toml": text})


def files(**texts: str | bytes) -> Arrange:
    """Write files into the home; `__` in a name is a folder's end."""

    def arrange(scene: Scene) -> None:
        for name, text in texts.items():
            scene.write(name, text)

    return arrange


def environment(**variables: str) -> Arrange:
    def arrange(scene: Scene) -> None:
        scene.environment.update(variables)

    return arrange


def lacking(package: str) -> Arrange:
    def arrange(scene: Scene) -> None:
        scene.missing = (package,)

    return arrange


def no_database(scene: Scene) -> None:
    (scene.home / "chipwire.db").unlink()


def no_home(scene: Scene) -> None:
    scene.environment["CHIPWIRE_HOME"] = str(scene.folder / "nowhere")


def a_file_for_a_home(scene: Scene) -> None:
    scene.environment["CHIPWIRE_HOME"] = str(scene.write("feeds.opml", "<opml/>"))


def sql(statement: str) -> Arrange:
    def arrange(scene: Scene) -> None:
        with closing(sqlite3.connect(scene.home / "chipwire.db")) as connection:
            connection.execute(statement)

    return arrange


def another_programs(scene: Scene) -> None:
    no_database(scene)
    sql("CREATE TABLE theirs (x)")(scene)


def spoilt(scene: Scene) -> None:
    path = scene.home / "chipwire.db"
    sql("PRAGMA wal_checkpoint(TRUNCATE)")(scene)
    whole = path.read_bytes()
    path.write_bytes(whole[: 4096 * 3] + b"\xff" * (len(whole) - 4096 * 3))


@contextmanager
def locked(scene: Scene) -> Iterator[None]:
    with closing(sqlite3.connect(scene.home / "chipwire.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def at_work(scene: Scene) -> Iterator[None]:
    from pipeline.adapters.lock import hold

    with hold(scene.home / "chipwire.lock", "chipwire daemon"):
        yield


@contextmanager
def port_taken(scene: Scene) -> Iterator[None]:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        scene.write("chipwire.toml", f"[review]\nport = {taken.getsockname()[1]}\n")
        yield


def no_mail_server(scene: Scene) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as gone:
        port = gone.getsockname()[1]
    scene.write("chipwire.toml", MAIL.format(port=port) + TO_ANN)


@contextmanager
def no_password(scene: Scene) -> Iterator[None]:
    with open_post_office() as office:
        login = 'username = "ann"\npassword_env = "POST"\n'
        scene.write("chipwire.toml", MAIL.format(port=office.port) + login + TO_ANN)
        yield


def site(page: str) -> Arrange:
    """Serve one page on loopback, at the root and nowhere else."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page.encode() if self.path == "/" else b"gone"
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    @contextmanager
    def serve(scene: Scene) -> Iterator[None]:
        scene.write("chipwire.toml", LOOPBACK)
        with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            scene.site = f"http://127.0.0.1:{server.server_port}/"
            yield
            server.shutdown()
            thread.join()

    return serve


def nested(depth: int) -> str:
    return OPML.format('<outline text="f">' * depth + "</outline>" * depth)


FAULTS = (
    # The configuration.
    Fault("A key is misspelt", "run", settings("[fetch]\nhost_dealy_s = 2\n")),
    Fault("A section is misspelt", "run", settings("[fecth]\n")),
    Fault("Text without quotes", "run", settings("[fetch]\ncontact = ann@desk.example\n")),
    Fault("One bracket where a digest needs two", "run", settings('[digest]\nname = "daily"\n')),
    Fault("A schedule that is none", "run", settings('[[digest]]\nschedule = "0 25 * * *"\n')),
    Fault("A time zone that is none", "run", settings('[[digest]]\ntimezone = "Tokyo"\n')),
    Fault("A channel without its kind", "run",
          settings('[[digest]]\nchannels = ["ann@desk.example"]\n')),
    Fault("A digest on a topic that is not there", "run",
          settings('[[digest]]\ntopics = ["hmb"]\n')),
    Fault("A digest on a company that is not there", "run",
          settings('[[digest]]\ncompanies = ["Nvidea"]\n')),
    Fault("A language in words", "run", settings('[[digest]]\nlanguages = ["English"]\n')),
    Fault("Mail without a mail server", "run", settings(TO_ANN)),
    Fault("A variable of the environment is misspelt", "run",
          environment(CHIPWIRE_FETCH_CONTCAT="ann@desk.example")),
    Fault("A variable of the environment has a wrong value", "run",
          environment(CHIPWIRE_FETCH_TIMEOUT_S="soon")),
    Fault("The file is not UTF-8", "run", settings(b'[fetch]\ncontact = "M\xfcller"\n')),
    # Topics and templates.
    Fault("A topic file without terms", "run",
          files(**{"topics/rare-earths.toml": 'name = "rare-earths"\n'})),
    Fault("A key of a topic file is misspelt", "run",
          files(**{"topics/rare-earths.toml": 'name = "rare-earths"\nstrongg = ["x"]\n'})),
    Fault("A template with a mistake", "digest preview --html",
          files(**{"templates/mail.html": "<p>{{ digest.subjct }}</p>"})),
    Fault("Listing a topic that is not there", "list --topic hmb"),
    Fault("Labelling for a topic that is not there", "label 1 hmb yes"),
    # Feeds.
    Fault("A list of feeds with a bare &", "run",
          files(**{"feeds.opml": OPML.format('<outline xmlUrl="https://a.example/?a=1&b=2"/>')})),
    Fault("A web page instead of a list of feeds", "run",
          files(**{"feeds.opml": "<html><body>Hello</body></html>"})),
    Fault("An empty list of feeds", "run", files(**{"feeds.opml": ""})),
    Fault("A list without feeds", "feeds import watch/feeds.opml",
          files(**{"feeds.opml": OPML.format("")})),
    Fault("Folders without end", "run", files(**{"feeds.opml": nested(300)})),
    Fault("A feed address that is no web address", "feeds add ftp://a.example/feed"),
    Fault("A feed in one's own network", "feeds add http://192.168.1.5/feed", exit_code=1),
    Fault("A site that names no feed", "feeds add {site}", site(WELCOME), exit_code=1),
    Fault("A feed that is gone", "feeds add {site}feed.xml", site(WELCOME), exit_code=1),
    Fault("Removing a feed that is not on the list", "feeds remove https://a.example/fed"),
    Fault("A file that is not there", "feeds test feed.xml", exit_code=1),
    # The home and its database.
    Fault("Nothing was run yet", "list", no_database),
    Fault("A home that is not there", "status", no_home),
    Fault("A home that is a file", "run", a_file_for_a_home),
    Fault("A database of a later chipwire", "list", sql("PRAGMA user_version = 99")),
    Fault("A database that is no database", "list",
          files(**{"chipwire.db": "id,title\n1,HBM4\n"}), exit_code=1),
    Fault("A database of another program", "list", another_programs, exit_code=1),
    Fault("A damaged database", "list", spoilt, exit_code=1),
    Fault("No backup to restore", "restore"),
    Fault("Restoring what is no backup", "restore watch/feeds.opml", exit_code=1),
    Fault("A database another program holds", "label 1 hbm yes", locked, exit_code=75),
    Fault("Another chipwire at work", "run", at_work, exit_code=75),
    Fault("A sample where a watch lives", "--home watch run --sample"),
    Fault("A full disk", "feeds export /dev/full", exit_code=1),
    # Articles, digests, review, models.
    Fault("An article that is not there", "explain 999"),
    Fault("An address that is not stored", "explain https://news.example/none"),
    Fault("A digest that is not there", "digest preview dialy"),
    Fault("Two forms at once", "digest preview --html --text"),
    Fault("A password that is not there", "digest send", no_password, exit_code=1),
    Fault("A mail server that does not answer", "digest send", no_mail_server, exit_code=1),
    Fault("The review page's port is taken", "review --no-open", port_taken),
    Fault("The review page is not installed", "review --no-open", lacking("datasette")),
    Fault("PNG without its extra", "stats --png plot.png", lacking("matplotlib")),
    Fault("A model that is not there", "models use 4711"),
    Fault("JSON lines that are none", "classify watch/lines.jsonl",
          files(**{"lines.jsonl": '{"title": "HBM4"}\n{"title": HBM}\n'})),
    Fault("Labels of an article that is not stored", "labels import watch/labels.csv",
          files(**{"labels.csv": "url,topic,verdict\nhttps://a.example/x,hbm,yes\n"}), exit_code=1),
    Fault("Labels without verdicts", "labels import watch/labels.csv",
          files(**{"labels.csv": "url,topic\nhttps://news.example/1,hbm\n"})),
    Fault("A command that is not there", "digests"),
    Fault("An option that is not there", "list --topics hbm"),
    Fault("A date in words", "list --since yesterday"),
)  # fmt: skip
