"""The precision-recall plot: well-formed, escaped, every topic named, curves where they belong."""

from xml.etree import ElementTree as ET

import numpy as np

from classifiers.plots import LEFT, SIDE, TOP, Curve, precision_recall_svg

SVG = "{http://www.w3.org/2000/svg}"


def curve(name: str, scores: list[float], labelled: list[int]) -> Curve:
    return Curve(name, np.array(scores), np.array(labelled, dtype=bool), told=(0.5, 1.0))


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_topics_are_listed_best_first_with_their_support() -> None:
    svg = precision_recall_svg(
        "News", [curve("poor", [1, 2, 3], [1, 0, 0]), curve("good", [3, 2, 1], [1, 1, 0])]
    )
    listed = [text for text in texts(svg) if "(" in text]
    assert listed == ["1.00  good (2)", "0.33  poor (1)"]


def test_a_perfect_curve_runs_along_the_top() -> None:
    svg = precision_recall_svg("News", [curve("good", [3, 2, 1], [1, 1, 0])])
    paths = [node.get("d", "") for node in ET.fromstring(svg).iter(f"{SVG}path")]
    assert any(
        d.startswith(f"M{LEFT:.1f} {TOP:.1f}V{TOP:.1f}H{LEFT + SIDE / 2:.1f}") for d in paths
    )
    dot = next(ET.fromstring(svg).iter(f"{SVG}circle"))
    assert (dot.get("cx"), dot.get("cy")) == (f"{LEFT + SIDE / 2:.1f}", f"{TOP:.1f}")


def test_names_are_escaped_and_topics_without_texts_have_no_curve() -> None:
    empty = Curve('<script>"&', np.array([0.1]), np.array([False]))
    svg = precision_recall_svg('a "title" <b>', [empty])
    root = ET.fromstring(svg)
    assert root.get("aria-label") == 'a "title" <b>'
    assert '–  <script>"& (0)' in texts(svg)
    assert not list(root.iter(f"{SVG}circle"))


def test_no_topics_give_an_empty_plot() -> None:
    assert ET.fromstring(precision_recall_svg("News", [])).tag == f"{SVG}svg"
