"""The whole loop: a mailed digest, its "wrong topic?" link, one key, and the model knows."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from classifiers.gate import held_out
from pipeline.adapters.store import Store
from pipeline.adapters.store import review as table
from pipeline.models.labels import Label
from tests.conformance.server import RecordingServer, reply
from tests.daemon.home import WatchedHome
from tests.fakes import rss
from tests.newsdesk import NOW
from tests.postoffice import PostOffice, open_post_office
from tests.review.desk import ReviewDesk, reviewing

pytestmark = pytest.mark.browser

READER = "ann@reader.example"
NOVEL = "A novel of night shifts wins the prize"
NOVEL_TEXT = (
    "The writer worked at the gates of a chip foundry for a year before she wrote of night shifts"
    " among wafers. The jury praised the prose, which it called dry and warm at once, and the"
    " foundry bought a copy for each of its guards. Her first book, on a lighthouse, found four"
    " hundred readers; this one is to be a play in the spring. The heroine counts cars, reads"
    " Chekhov behind the barrier and falls in love with a man who delivers noodles. The prize of"
    " ten thousand euros, given since 1961, will pay for a winter by the sea, where she means to"
    " write about her grandmother, a midwife who kept bees and never learnt to swim."
)
NEWS = {
    "TSMC foundry to add a 2 nm fab in Arizona": "The contract chip maker TSMC said its foundry"
    " customers had asked for more 2 nm wafers. The new fab takes its first wafers in 2028.",
    "SK hynix ships HBM4 samples": "SK hynix has shipped samples of HBM4 high-bandwidth memory"
    " with twelve layers to its largest customer. Yields of the stacked DRAM are above 70 percent.",
    "ASML sells its first High-NA EUV scanner to Korea": "The EUV lithography scanner of ASML goes"
    " to a fab near Seoul. Lithography tools with high numerical aperture print finer lines.",
    "New export controls on AI chips": "The Commerce Department put twelve firms on the entity"
    " list. The export controls cover AI chips and the tools to make them; licences are refused.",
    "CoWoS capacity doubles": "Advanced packaging stays short: CoWoS capacity doubles next year,"
    " the packager said, and chiplets with hybrid bonding follow on the same interposers.",
    "UMC foundry raises wafer prices": "The foundry UMC raises prices of 28 nm wafers by a tenth;"
    " utilisation of its fabs is at 95 percent, the contract chip maker told investors.",
    "Samsung Foundry wins a 2 nm order": "Samsung Foundry will make a 2 nm AI accelerator for an"
    " American start-up. The foundry had lost such orders to its rival in Taiwan.",
}
JUDGED = {4: "lithography", 7: "foundry"}  # on the side of the split that judges, and right
TOPIC = "foundry"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


@pytest.fixture
def home(tmp_path: Path) -> Iterator[WatchedHome]:
    with RecordingServer() as server:
        yield WatchedHome(tmp_path / "home", server)


def announce(home: WatchedHome, feed: str, stories: dict[str, str]) -> None:
    """Let a feed tell of these stories, each on a page of its own."""
    entries = [(f"{feed}-{number}", title) for number, title in enumerate(stories)]
    body = rss(*entries, site=home.origin).encode()
    url = f"{home.origin}/{feed}"
    home.server.answers(url, reply(200, body, content_type="application/rss+xml"))
    for name, title in entries:
        page = (
            f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>"
            f"<p>{stories[title]}</p></article></body></html>"
        )
        home.server.answers(
            f"{home.origin}/{name}", reply(200, page.encode(), content_type="text/html")
        )


def configure(home: WatchedHome, office: PostOffice, desk: ReviewDesk) -> None:
    home.configure(
        f'[mail]\nhost = "127.0.0.1"\nport = {office.port}\nsecurity = "none"\n'
        f'sender = "news@chipwire.example"\n[train]\nafter_labels = {len(JUDGED) + 1}\n'
        f'[review]\nurl = "http://127.0.0.1:{desk.port}"\n'
        f'[[digest]]\nname = "daily"\nchannels = ["mail:{READER}"]\n'
    )


def one_pass(home: WatchedHome, *arguments: str) -> dict[str, Any]:
    done = home.run("run", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def mailed(office: PostOffice) -> str:
    """Return the HTML of the last digest that was received."""
    part = office.messages[-1].get_body(("html",))
    assert part is not None
    content: str = part.get_content()
    return content


def wrong_topic_link(digest: str, article: int) -> str:
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', digest)]
    (found,) = {link for link in links if f"article={article}&" in link}
    return found


def tag(desk: ReviewDesk, article: int) -> tuple[Any, ...]:
    sql = "SELECT probability, tagged, verdict, model_id FROM tags WHERE topic = '{}'"
    (found,) = desk.rows(f"{sql.format(TOPIC)} AND article_id = {article}")
    return found


def test_one_key_from_a_mail_teaches_the_model(
    home: WatchedHome, office: PostOffice, chromium: Any
) -> None:
    announce(home, "feed0", {NOVEL: NOVEL_TEXT, **NEWS})
    one_pass(home, "--no-digest")
    with reviewing(home.path) as desk:
        configure(home, office, desk)
        one_pass(home)
        ((novel,),) = desk.rows(f"SELECT id FROM articles WHERE title = '{NOVEL}'")
        assert list(held_out([novel, *JUDGED])) == [False, True, True]
        sure, tagged, *_ = before = tag(desk, novel)
        assert (tagged, sure > 0.6) == (1, True), "the model takes a novel for news of a foundry"
        judge_held_out(home)

        page = chromium.new_page()
        page.goto(wrong_topic_link(mailed(office), novel))
        page.wait_for_selector("#sheet:not([hidden])")
        assert page.inner_text("#title") == NOVEL
        assert page.inner_text("#topic") == "Foundry"
        assert desk.labels() == [(article, "yes") for article in JUDGED]  # opening wrote nothing
        page.keyboard.press("n")
        page.wait_for_selector("#list[aria-busy=false]")
        page.close()
        assert desk.labels()[-1] == (novel, "no")
        assert tag(desk, novel) == (sure, 0, "no", before[3])  # at once, before any training

        report = one_pass(home, "--force")

        assert report["models_trained"] == 1
        check_model(home, desk, novel, before)
        check_copies(home, desk)


def judge_held_out(home: WatchedHome) -> None:
    """Say what is right of two articles that no model is trained on."""
    with Store(home.path / "chipwire.db") as store:
        for article, topic in JUDGED.items():
            assert table.record(store, Label(article, topic, "yes"), now=NOW)


def check_model(home: WatchedHome, desk: ReviewDesk, novel: int, before: tuple[Any, ...]) -> None:
    """The new model is in use, no worse where it is judged, and less sure of the novel."""
    (model,) = json.loads(home.run("models", "list", "--json").stdout)
    assert model["active"]
    figures = model["metrics"]
    assert figures["after"]["articles"] == len(JUDGED)
    assert figures["after"]["micro_f1"] >= figures["before"]["micro_f1"]
    sure, tagged, verdict, model_id = tag(desk, novel)
    assert (tagged, verdict, model_id) == (0, "no", model["id"])
    assert sure < 0.5, "one verdict is enough where the model was wrong, if not sure"
    assert model_id != before[3]


def check_copies(home: WatchedHome, desk: ReviewDesk) -> None:
    """What a person corrected is listed nowhere as the model's, nor is its copy elsewhere."""
    announce(home, "feed1", {NOVEL: NOVEL_TEXT})
    opml = (home.path / "feeds.opml").read_text()
    second = f'<outline type="rss" text="G" xmlUrl="{home.origin}/feed1"/></body>'
    (home.path / "feeds.opml").write_text(opml.replace("</body>", second))
    assert one_pass(home)["articles_tagged"] == 1
    shown = desk.rows(
        "SELECT t.tagged, t.verdict FROM tags t JOIN articles a ON a.id = t.article_id"
        f" WHERE t.topic = '{TOPIC}' AND a.title = '{NOVEL}'"
    )
    assert shown == [(0, "no"), (0, "no")]
    listed = json.loads(home.run("list", "--topic", TOPIC, "--json").stdout)
    assert len(listed) >= 3
    assert NOVEL not in {row["title"] for row in listed}
    preview = home.run("digest", "preview", "--text")
    assert preview.returncode == 0, preview.stderr
    assert NOVEL not in preview.stdout
