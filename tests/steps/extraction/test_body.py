"""The article's text: the quick choice where it will do, the thorough one where it left out."""

import subprocess
import sys

import pytest
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from pipeline.steps.extraction import body
from pipeline.steps.extraction.parsing import parse_text
from pipeline.steps.extraction.slimming import slim

_SENTENCE = "The foundry said line {n} would start in the spring and reach full output by autumn. "
_STORY = "".join(f"<p>{_SENTENCE.format(n=n) * 2}</p>" for n in range(12))
_TEASER = "".join(
    f"<p>{text}</p>"
    for text in (
        "A teaser that stands in the page's article element says that more is to come soon. " * 2,
        "It names the two suppliers that were asked and the agency that refused to answer. " * 2,
    )
)


_SATZ = "Das Werk nimmt die Anlage {n} im Frühjahr in Betrieb und liefert von Herbst an auch aus. "
_BERICHT = "".join(f"<p>{_SATZ.format(n=n) * 2}</p>" for n in range(12))
_SENTENCE_ZH = "晶圆厂的第{n}号生产线将于春季投产，秋季满负荷运转。"
_REPORT_ZH = "".join(f"<p>{_SENTENCE_ZH.format(n=n) * 9}</p>" for n in range(12))
_URL = "https://outlet.example/a"


def _text(page: str, declared: str = "") -> str:
    tree = parse_text(f"<html><body>{page}</body></html>")
    assert tree is not None
    return body.main_text(tree, slim(tree), _URL, declared=declared)


def test_a_page_whose_quick_choice_leaves_out_most_is_read_again() -> None:
    page = f"<article>{_TEASER}</article><div class='pane'>{_STORY}</div>"
    assert all(f"line {n} would" in _text(page) for n in range(12))


# What a page says of its language decides whose words are weighed; the rest must come out of it.
@pytest.mark.parametrize(
    ("story", "language", "said"),
    [
        pytest.param(_STORY, "en-GB", "line 11 would", id="English"),
        pytest.param(_STORY, "", "line 11 would", id="English that does not say so"),
        pytest.param(_BERICHT, "de", "Anlage 11 im", id="German"),
        pytest.param(_BERICHT, "en", "Anlage 11 im", id="German that says it is English"),
        pytest.param(_REPORT_ZH, "zh-Hans", "第11号生产线", id="Chinese"),
    ],
)
def test_a_second_look_never_loads_the_words_of_a_hundred_languages(
    story: str, language: str, said: str
) -> None:
    """In a process of its own: trafilatura keeps what it loaded, whoever asked for it."""
    page = f"<html><body><article>{_TEASER}</article><div class='pane'>{story}</div></body></html>"
    program = f"""
from pipeline.steps.extraction import body
from pipeline.steps.extraction.parsing import parse_text
from pipeline.steps.extraction.slimming import slim
from trafilatura import external
tree = parse_text({page!r})
text = body.main_text(tree, slim(tree), {_URL!r}, declared={language!r})
assert external.JT_STOPLIST is None, "all stop words were loaded"
assert {said!r} in text, text
"""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "furniture",
    [
        pytest.param("<nav><ul><li><a href='/x'>Chips</a></li></ul></nav>", id="a menu"),
        pytest.param("<footer><p>All rights reserved by the outlet.</p></footer>", id="a footer"),
        pytest.param("<svg><text>drawn words</text></svg>", id="a drawing"),
        pytest.param("<script>var words = 'in a script';</script>", id="a script"),
        pytest.param("<figure><figcaption>A fab.</figcaption></figure>", id="a caption"),
        pytest.param("<div><span> </span><i></i></div>" * 50, id="empty boxes"),
        pytest.param(
            "<div>" + "<div><a href='/x'>Chips and more</a></div>" * 9 + "</div>",
            id="a menu without the name of one",
        ),
    ],
)
def test_furniture_changes_nothing_in_the_text(furniture: str) -> None:
    plain = f"<article><h1>Lines</h1>{_STORY}</article>"
    assert _text(plain) == _text(f"{furniture}{plain}{furniture}")


@pytest.mark.parametrize("declared", ["", "en", "de"])
def test_what_a_template_says_of_its_language_loses_no_paragraph(declared: str) -> None:
    """Weighed by English stop words, only the first of the three is left."""
    three = [f"{_SATZ.format(n=n)}Das sagte der Hersteller am Montag dem Blatt." for n in range(3)]
    page = f"<article>{three[0]}</article>{three[1]}<table><td>{three[2]}</td></table>"
    text = _text(page, declared)
    assert [f"Anlage {n} im" in text for n in range(3)] == [True] * 3


@pytest.mark.parametrize(
    "around",
    [
        pytest.param("<button>Menu{}", id="an unclosed button"),
        pytest.param("<nav>{}</nav>", id="a menu around it all"),
        pytest.param("<noscript><article>{}</article></noscript>", id="shown without scripts"),
        pytest.param("<dialog open>{}</dialog>", id="a dialog"),
        pytest.param("<video>{}", id="an unclosed video"),
    ],
)
def test_an_article_within_what_is_no_article_is_read_all_the_same(around: str) -> None:
    assert all(f"line {n} would" in _text(around.format(_STORY)) for n in range(12))


def test_an_empty_element_between_words_still_parts_them() -> None:
    page = f"<article>{_STORY}<p>high<span> </span>bandwidth<b></b>memory{_SENTENCE}</p></article>"
    assert "high bandwidthmemory" in _text(page)


def test_the_tree_that_is_given_keeps_its_elements() -> None:
    tree = parse_text(f"<html><body><nav>x</nav><article>{_STORY}</article></body></html>")
    assert tree is not None
    before = [element.tag for element in tree.iter()]
    body.main_text(tree, slim(tree), "https://outlet.example/a")
    assert [element.tag for element in tree.iter()] == before


def test_an_article_that_is_a_list_of_links_keeps_them() -> None:
    items = "".join(f"<li><a href='/{n}'>{_SENTENCE.format(n=n)}</a></li>" for n in range(10))
    assert "line 9 would" in _text(f"<article><h1>Ten reads</h1><ul>{items}</ul></article>")


def test_a_list_of_links_among_paragraphs_takes_only_itself() -> None:
    links = "".join(f"<li><a href='/{n}'>Read on about {n}</a></li>" for n in range(10))
    text = _text(f"<article><div>{_STORY}<ul>{links}</ul>{_STORY}</div></article>")
    assert text.count("line 3 would") == 4


@pytest.mark.parametrize("page", [_STORY, f"<div class='pane'>{_STORY}</div>", _TEASER])
def test_the_first_look_reads_a_page_as_trafilaturas_balanced_way_does(page: str) -> None:
    """A focus trafilatura has no name for: a release that refuses it must not pass unseen."""
    texts = []
    for focus in ("balanced", body.FIRST_LOOK):
        options = Extractor(output_format="python", comments=False, fast=True)
        options.focus = focus
        tree = parse_text(f"<html><body><article>{page}</article></body></html>")
        texts.append(bare_extraction(tree, options=options).text)
    assert texts[0] == texts[1] != ""
