"""The README typed in, from top to bottom: each command works, each flag is one that exists."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import click
import pytest

from pipeline.cli import cli
from tests.conformance.server import RecordingServer, reply

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OWN_FIELD, DIGESTS = "Watching your own field", "Digests and alerts"
NOT_TYPED = {
    "make run": "tests/stories/test_sample.py does its pass, .ci/run the install",
    "make test": "this is one of its tests",
    "make check": "runs beside the tests",
    "make docs": "tests/documents compares what it would write",
    "chipwire daemon": "runs until it is stopped: tests/daemon",
}
# Flags that stand in the table of commands only, typed after "Reading it".
ALSO = (
    "chipwire list --outlet 'Wafer Daily' --story 1",
    "chipwire export --no-text",
    "BROWSER=true chipwire digest preview --open",
    'echo \'{"id": 1, "title": "HBM4", "text": "", "labels": ["hbm"]}\' > one.jsonl &&'
    " chipwire evaluate one.jsonl --lenient",
)
# Flags whose test speaks to what stands behind them: a shell would wait for a cluster.
BEHIND = {"--cluster": "tests/adapters/test_cluster.py"}
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>{1}</article></body></html>"
RSS = "<rss version='2.0'><channel><title>{0}</title>{1}</channel></rss>"
ITEM = (
    "<item><guid>{0}</guid><link>{0}</link><title>{1}</title><pubDate>{2}</pubDate>"
    "<description>{1}.</description></item>"
)
CHIPS = {
    "SMIC starts risk production on its third 7 nm foundry line": "The foundry SMIC has put wafers"
    " through its third 7 nm line in Shanghai, two suppliers said, and will raise capacity.",
    "CXMT ships HBM3 samples to Huawei": "The memory maker CXMT has shipped samples of HBM3, its"
    " high-bandwidth memory, which Huawei will put beside its AI accelerators.",
}
MAGNETS = {
    "China curbs neodymium exports": "Exports of neodymium and dysprosium need a licence from"
    " Monday, and magnet makers in Europe have stock for six weeks, the rare earths trade said.",
    "Lynas opens a separation plant": "Lynas has opened a separation plant for rare earths in"
    " Texas, the second outside China that yields dysprosium and other heavy rare earths.",
}
TOWN = {
    "Cup final goes to penalties": "Eleven penalties were needed before the cup found its owner on"
    " Sunday, and the town celebrated until the last tram had left the square.",
}


def serve(server: RecordingServer, path: str, title: str, articles: dict[str, str]) -> str:
    """Put an outlet with a feed and a page per article on the server; return its feed's address."""
    origin = f"http://127.0.0.1:{server.port}"
    when = datetime.now(UTC) - timedelta(hours=3)
    items = []
    for number, (headline, text) in enumerate(articles.items()):
        url = f"{origin}/{path}/{number}"
        page = PAGE.format(headline, f"<p>{text}</p>" * 3).encode()
        server.answers(url, reply(200, page, content_type="text/html; charset=utf-8"))
        items.append(ITEM.format(url, headline, format_datetime(when)))
    body = RSS.format(title, "".join(items)).encode()
    server.answers(f"{origin}/{path}", reply(200, body, content_type="application/rss+xml"))
    return f"{origin}/{path}"


@dataclass
class Typist:
    """Somebody at a shell who follows the README: types, changes folders, writes the files."""

    house: Path
    server: RecordingServer
    folder: Path
    said: dict[str, subprocess.CompletedProcess[str]] = field(default_factory=dict)

    def type(self, line: str) -> None:
        if line.startswith("cd "):
            self.folder = Path(line.removeprefix("cd ").replace("~", str(self.house)))
            return
        first = "https://news.example/article"
        done = subprocess.run(
            ["bash", "-c", line.replace(first, f"http://127.0.0.1:{self.server.port}/chips/0")],
            cwd=self.folder, capture_output=True, text=True, timeout=300, check=False,
            env={
                "HOME": str(self.house), "PATH": f"{self.house / 'bin'}:{os.environ['PATH']}",
                "CHIPWIRE_FETCH_ALLOW_NETWORKS": '["127.0.0.0/8"]',
                "CHIPWIRE_FETCH_HOST_DELAY_S": "0",
            },
        )  # fmt: skip
        self.said[line] = done

    def fill_home(self) -> None:
        """Watch an outlet of ours instead of eighty in the world."""
        feed = serve(self.server, "chips", "Wafer Daily", CHIPS)
        self.write("feeds.opml", f'<opml><body><outline xmlUrl="{feed}"/></body></opml>')

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def enter(self, title: str, texts: dict[tuple[str, str], str]) -> None:
        """Begin a section: go to its home, write the files it shows."""
        if title == OWN_FIELD:
            self.own_field(texts[title, "toml"], texts[title, "xml"])
        elif (self.house / "chipwire").is_dir():
            self.folder = self.house / "chipwire"
        if title == DIGESTS:
            self.write("chipwire.toml", texts[title, "toml"])

    def own_field(self, topic: str, feeds: str) -> None:
        """Write the two files of the README into an empty folder, and nothing else."""
        self.folder = self.house / "rare"
        for example, path, title, articles in (
            ("https://magnets.example/feed.xml", "magnets", "Magnet Weekly", MAGNETS),
            ("https://courier.example/feed.xml", "courier", "Town Courier", TOWN),
        ):
            assert example in feeds
            feeds = feeds.replace(example, serve(self.server, path, title, articles))
        self.write("topics/rare-earths.toml", topic)
        self.write("feeds.opml", feeds)


def blocks() -> Iterator[tuple[str, str, str]]:
    """Yield (section, language, text) of every fenced block."""
    for section in re.split(r"^## ", README, flags=re.MULTILINE)[1:]:
        title = section.partition("\n")[0]
        for language, text in re.findall(
            r"^```(\w+)\n(.*?)^```", section, re.MULTILINE | re.DOTALL
        ):
            yield title, language, text


def lines() -> list[tuple[str, str]]:
    """Return (section, command) of every line to type."""
    typed = [
        (title, re.sub(r"\s{2,}#.*$", "", line))
        for title, language, text in blocks()
        if language == "sh"
        for line in text.splitlines()
    ]
    after = max(place for place, (title, _) in enumerate(typed) if title == "Reading it") + 1
    return [*typed[:after], *(("Reading it", line) for line in ALSO), *typed[after:]]


TYPED = [(title, line) for title, line in lines() if line not in NOT_TYPED and line[:3] != "cd "]


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typist]:
    """The whole README, typed."""
    house = tmp_path_factory.mktemp("house")
    furnish(house)
    texts = {(title, language): text for title, language, text in blocks()}
    before = ""
    with RecordingServer() as server:
        typist = Typist(house, server, house)
        for title, line in lines():
            if title != before:
                typist.enter(before := title, texts)
            if line not in NOT_TYPED:
                typist.type(line if title != OWN_FIELD else at_home(line, typist.folder))
            if line.startswith("cd "):
                typist.fill_home()
        yield typist


def furnish(house: Path) -> None:
    """Put the program on the path, and saved pages into the house."""
    program = house / "bin" / "chipwire"
    program.parent.mkdir()
    program.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'from pipeline.cli import main; main()' \"$@\"\n"
    )
    program.chmod(0o755)
    (house / "pages").mkdir()
    for number, (headline, text) in enumerate(CHIPS.items()):
        page = PAGE.format(headline, f"<p>{text}</p>" * 3)
        (house / "pages" / f"{number}.html").write_text(page, encoding="utf-8")


def at_home(line: str, home: Path) -> str:
    """Name the home: a folder without chipwire.toml is none by itself."""
    return line.replace("chipwire ", f"chipwire --home {home} ", 1)


@pytest.mark.parametrize(("title", "line"), TYPED, ids=[line for _, line in TYPED])
def test_each_line_does_what_it_says(title: str, line: str, typed: Typist) -> None:
    home = typed.house / "rare"
    done = typed.said[at_home(line, home) if title == OWN_FIELD else line]
    # a home whose digest was never told to anybody is not well, and says so
    assert done.returncode in ((0, 1) if "doctor" in line or "--check" in line else (0,)), (
        done.stderr
    )
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_two_files_lead_to_a_first_digest(typed: Typist) -> None:
    """Nothing of the newsroom, nothing trained: the topic's words and the feeds."""
    [page] = (typed.house / "rare" / "digests" / "daily").glob("*.md")
    told = page.read_text(encoding="utf-8")
    for headline in MAGNETS:
        assert headline in told
    for headline in TOWN:
        assert headline not in told


def calls() -> list[str]:
    """Return every call of chipwire the README names, in a block or in a sentence."""
    spans = re.findall(r"`(chipwire [^`]*)`", README)
    return sorted({*spans, *(line for _, line in lines() if line.startswith("chipwire "))})


@pytest.mark.parametrize("call", calls())
def test_each_flag_is_one_that_exists(call: str) -> None:
    words = shlex.split(call.replace("[", " ").replace("]", " ").replace("\\|", " "))
    known = {option for parameter in cli.params for option in parameter.opts}
    command: click.Command = cli
    for word in words[1:]:
        found = (
            command.get_command(click.Context(cli), word)
            if isinstance(command, click.Group)
            else None
        )
        if found is not None:
            command = found
            known |= {option for parameter in found.params for option in parameter.opts}
    unknown = [word for word in words if word.startswith("--") and word.split("=")[0] not in known]
    assert unknown == []


@pytest.mark.parametrize("flag", sorted(set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))))
def test_each_flag_is_tried_by_a_test(flag: str) -> None:
    if flag in BEHIND:
        assert (ROOT / BEHIND[flag]).is_file()
        return
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    typed = any(f" {flag}" in line for _, line in TYPED)
    assert typed or re.search(rf"[\"' ]{flag}[\"' =]", tests)
