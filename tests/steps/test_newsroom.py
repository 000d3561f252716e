"""The newsroom's articles are complete, and every page and feed shows what they say."""

import csv
import json
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

import feedparser
import lxml.etree
import lxml.html
import pytest

from pipeline.adapters.files import packaged
from pipeline.adapters.newsroom import load_archive
from pipeline.errors import ConfigError
from pipeline.steps.newsroom.pages import linked
from pipeline.steps.newsroom.reading import parse_drafts
from pipeline.steps.newsroom.site import render_site
from pipeline.steps.newsroom.values import Truth

ANCHOR = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
ARCHIVE = load_archive()
SITE = render_site(ARCHIVE, anchor=ANCHOR, moment=ANCHOR)
TOPICS = {
    "chip-curbs",
    "lithography",
    "hbm",
    "foundry",
    "ai-accelerators",
    "chip-equipment",
    "advanced-packaging",
    "ai-infrastructure",
}
SEED_LINES = {
    int(row["line"])
    for row in csv.DictReader((packaged("seeds") / "labels.csv").read_text("utf-8").splitlines())
    if row["kind"] == "paragraph"
}
every_article = pytest.mark.parametrize("truth", SITE.truth, ids=lambda truth: truth.id)
every_feed = pytest.mark.parametrize("feed", SITE.feeds, ids=lambda feed: feed.title)


CHARSETS = {outlet.host: outlet.charset for outlet in ARCHIVE.outlets}


def page(url: str) -> lxml.html.HtmlElement:
    charset = CHARSETS.get(urlsplit(url).hostname or "", "utf-8")
    return lxml.html.document_fromstring(SITE.resources[url].body.decode(charset))


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_the_newsroom_is_large_and_mixed_enough() -> None:
    assert len(SITE.truth) >= 60
    languages = Counter(truth.language for truth in SITE.truth)
    assert languages["en"] >= 40
    assert languages["zh"] >= 8
    assert min(languages["ko"], languages["ja"]) >= 5
    kinds = Counter(truth.kind for truth in SITE.truth)
    assert min(kinds["near_miss"], kinds["off_topic"]) >= 6


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_every_topic_is_in_the_news_in_more_than_one_language(topic: str) -> None:
    about = [truth for truth in SITE.truth if topic in truth.topics]
    assert len({truth.story for truth in about}) >= 3
    assert len({truth.language for truth in about}) >= 2


def test_stories_are_told_by_several_outlets_and_across_languages() -> None:
    stories: dict[str, list[Truth]] = defaultdict(list)
    for truth in SITE.truth:
        stories[truth.story].append(truth)
    shared = [told for told in stories.values() if len({truth.outlet for truth in told}) > 1]
    assert len(shared) >= 12
    assert sum(len({truth.language for truth in told}) > 1 for told in shared) >= 5
    developing = [
        told
        for told in shared
        if any(truth.relation and truth.relation.kind == "update" for truth in told)
    ]
    assert len(developing) >= 3
    for told in developing:
        times = [truth.published_at for truth in told]
        assert max(times) - min(times) >= timedelta(days=2)


def test_an_edit_replaces_the_text_and_keeps_address_and_date() -> None:
    before = render_site(ARCHIVE, anchor=ANCHOR, moment=ANCHOR - timedelta(hours=5))
    [first] = [truth for truth in before.truth if truth.id == "meridianwire/cxmt-second-line"]
    [second] = [truth for truth in SITE.truth if truth.id == first.id]
    assert (first.url, first.published_at) == (second.url, second.published_at)
    assert first.edited_at is None
    assert second.edited_at == (ANCHOR - timedelta(hours=3)).replace(microsecond=0)
    assert "30,000 wafers" in first.title
    assert "20,000 wafers" in second.title
    assert second.title.encode() in SITE.resources[second.url].body


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        ("HBM4 and HBM", ["HBM", "HBM4"], [">HBM4</a>", ">HBM</a>"]),
        ("AT&T <b>", ["AT&T"], ["AT&amp;T</a> &lt;b&gt;"]),
        ("ASML, then ASML", ["ASML"], ["</a>, then ASML"]),
        ("no tag at all", [], ["no tag at all"]),
    ],
    ids=["the longer name first", "markup is escaped", "only the first mention", "no tags"],
)
def test_tags_are_linked_once(text: str, tags: list[str], expected: list[str]) -> None:
    html = linked(text, tags, set())
    for piece in expected:
        assert piece in html


@every_article
def test_an_article_is_complete(truth: Truth) -> None:
    assert truth.title
    assert truth.outlet
    assert truth.topics <= TOPICS
    assert truth.optional <= TOPICS - truth.topics
    assert (truth.kind == "news") == bool(truth.topics)
    assert truth.author or truth.id.startswith("dailycircuit/")
    assert len(truth.text.splitlines()) >= 3
    assert SEED_LINES.issuperset(truth.baseline)
    assert timedelta(0) <= ANCHOR - truth.published_at <= timedelta(days=6)


@every_article
def test_a_page_shows_title_and_every_paragraph(truth: Truth) -> None:
    for url in (truth.url, *truth.twins):
        shown = words(page(url).text_content())
        for line in (truth.title, *truth.text.splitlines()):
            assert words(line) in shown, (url, line)
        for part in truth.parts:
            assert words(part.title) in shown
            assert words(part.text) in shown


@every_article
def test_a_page_and_its_twins_name_one_canonical_address(truth: Truth) -> None:
    if "meridianwire" in truth.id:
        return  # the outlet without any metadata
    for url in (truth.url, *truth.twins):
        [link] = page(url).xpath("//link[@rel='canonical']/@href")
        assert link == truth.url


@every_article
def test_json_ld_is_valid_where_it_stands(truth: Truth) -> None:
    scripts = page(truth.url).xpath("//script[@type='application/ld+json']/text()")
    promised = urlsplit(truth.url).hostname in (
        "www.foundrypost.test",
        "news.jingdao.test",
        "www.kairo-nippo.test",
    )
    assert bool(scripts) is promised
    for script in scripts:
        described = json.loads(script)
        assert described["headline"] == truth.title
        assert datetime.fromisoformat(described["datePublished"]) == truth.published_at


@every_feed
def test_a_feed_is_well_formed_and_dated_right(feed: object) -> None:
    url = feed.url  # type: ignore[attr-defined] # a FeedSource
    body = SITE.resources[url].body
    if url.endswith(".json"):
        assert json.loads(body)["version"] == "https://jsonfeed.org/version/1.1"
        return
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    assert parsed.version in {"rss20", "rss10", "atom10"}
    assert len({entry.get("id", entry.link) for entry in parsed.entries}) == len(parsed.entries)


def test_feeds_cover_every_form() -> None:
    forms = {outlet.feed.form for outlet in ARCHIVE.outlets}
    assert forms == {"rss", "rdf", "atom", "json"}


def test_full_text_feeds_carry_the_whole_article() -> None:
    for outlet in (outlet for outlet in ARCHIVE.outlets if outlet.feed.full_text):
        body = unescape(unescape(SITE.resources[outlet.feed_url].body.decode()))
        for truth in (truth for truth in SITE.truth if truth.outlet == outlet.title):
            assert all(line in body for line in truth.text.splitlines())


def test_a_photo_caption_stands_before_the_text_where_it_is_a_trap() -> None:
    trapped = feedparser.parse(SITE.resources["http://www.meridianwire.test/rss/all.xml"].body)
    captions = {draft.caption for draft in ARCHIVE.drafts if draft.caption}
    first_parts = [entry.content[0].value for entry in trapped.entries if "content" in entry]
    assert first_parts
    assert set(first_parts) <= captions


def test_a_front_page_leads_to_its_feed_and_articles() -> None:
    for outlet in ARCHIVE.outlets:
        front = page(outlet.site_url + "/")
        [feed] = front.xpath("//link[@rel='alternate']/@href")
        assert outlet.site_url + feed == outlet.feed_url
        linked_to = {outlet.site_url + path for path in front.xpath("//div[@class='g']//a/@href")}
        assert linked_to == {truth.url for truth in SITE.truth if truth.outlet == outlet.title}


def test_robots_txt_names_the_news_sitemap_which_lists_every_article() -> None:
    for outlet in ARCHIVE.outlets:
        robots = SITE.resources[outlet.site_url + "/robots.txt"].body.decode()
        [sitemap] = re.findall(r"^Sitemap: (.*)$", robots, flags=re.MULTILINE)
        listed = lxml.etree.fromstring(SITE.resources[sitemap].body).xpath(
            "//*[local-name()='loc']/text()"
        )
        expected = [truth.url for truth in SITE.truth if truth.outlet == outlet.title]
        assert sorted(listed) == sorted(expected)


def test_the_aggregator_names_the_publishers_it_takes_from() -> None:
    feed = feedparser.parse(SITE.resources[SITE.feeds[-1].url].body)
    named = [entry.source.title for entry in feed.entries if "source" in entry]
    assert len(named) >= len(feed.entries) - 1  # the seed came from outside
    assert set(named) <= {outlet.title for outlet in ARCHIVE.outlets}


def test_the_seed_is_glued_as_the_portal_had_it() -> None:
    [seed] = [truth for truth in SITE.truth if "chinas-racing" in truth.id]
    assert [len(part.topics) > 0 for part in seed.parts] == [True, True, False]
    assert len(seed.text.splitlines()) == 44
    shown = page(seed.url).text_content()
    assert shown.index("Related Articles") < shown.index(seed.parts[0].title)


def test_a_syndicated_copy_has_the_words_of_its_original() -> None:
    by_id = {truth.id: truth for truth in SITE.truth}
    copies = [
        truth for truth in SITE.truth if truth.relation and truth.relation.kind == "syndication"
    ]
    assert copies
    for copy in copies:
        assert copy.relation
        assert copy.text == by_id[copy.relation.of].text


def test_related_articles_belong_to_one_story() -> None:
    by_id = {truth.id: truth for truth in SITE.truth}
    for truth in SITE.truth:
        if truth.relation:
            assert truth.story == by_id[truth.relation.of].story, truth.id
            assert truth.topics & by_id[truth.relation.of].topics


def test_a_page_in_an_older_charset_says_so_itself_and_nowhere_else() -> None:
    older = [outlet for outlet in ARCHIVE.outlets if outlet.charset != "utf-8"]
    assert older
    for outlet in older:
        front = SITE.resources[outlet.site_url + "/"]
        assert front.content_type == "text/html"
        assert f'<meta charset="{outlet.charset}">'.encode() in front.body
        assert outlet.title in front.body.decode(outlet.charset)


def test_every_kind_of_seed_statement_is_in_the_news_again() -> None:
    again = Counter(line for truth in SITE.truth for line in truth.baseline)
    assert {34, 42} <= {line for line, times in again.items() if times >= 3}
    assert len(again) >= 8


def test_retellings_of_one_article_agree_on_what_may_be_argued() -> None:
    by_id = {truth.id: truth for truth in SITE.truth}
    for truth in SITE.truth:
        if truth.relation and truth.relation.kind != "update":
            original = by_id[truth.relation.of]
            assert truth.topics | truth.optional == original.topics | original.optional


def test_rendering_is_a_function_of_articles_and_time() -> None:
    assert render_site(ARCHIVE, anchor=ANCHOR, moment=ANCHOR) == SITE


def test_addresses_stay_the_same_at_another_anchor() -> None:
    later = ANCHOR + timedelta(days=400, hours=7)
    assert (
        render_site(ARCHIVE, anchor=later, moment=later).resources.keys() == SITE.resources.keys()
    )


def test_a_body_is_read_into_blocks() -> None:
    body = "One line\nand its rest.\n\n## Head\n\n> Said.\n\n- first\n- second\n\nEnd."
    [draft] = parse_drafts({"x/y": f"+++\nage_hours = 1\ntopics = []\n+++\n{body}"})
    assert [(block.kind, block.text) for block in draft.versions[0].blocks] == [
        ("paragraph", "One line and its rest."),
        ("heading", "Head"),
        ("quote", "Said."),
        ("point", "first"),
        ("point", "second"),
        ("paragraph", "End."),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no front matter", "front matter"),
        ("+++\nage_hours = 1\ntopics = []\n+++\n", "no body"),
        ('+++\nage_hours = 1\ntopics = []\nrewrite_of = "a/b"\n+++\nText', "points to a/b"),
    ],
    ids=["no front matter", "no body", "a relation to nothing"],
)
def test_a_broken_article_is_named(text: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=f"x/y.*{reason}"):
        parse_drafts({"x/y": text})
