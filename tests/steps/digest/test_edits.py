"""What an edit or a translation adds to what was told."""

import pytest

from pipeline.steps.digest.edits import news_in_another_language, news_of_edit

TOLD = "SMIC's defect density fell from 0.34 to 0.21 in a year, 12 packages showed."
ADDED = "Washington will answer with export rules next week, an official told reporters."


@pytest.mark.parametrize(
    ("before", "after", "news"),
    [
        pytest.param(TOLD, TOLD, "", id="nothing changed"),
        pytest.param(TOLD, f"{TOLD}\n{ADDED}", ADDED, id="a sentence was added"),
        pytest.param(
            TOLD, TOLD.replace("0.21", "0.25"),
            "SMIC's defect density fell from 0.34 to 0.25 in a year, 12 packages showed."
            " (before the edit: 0.21)", id="a figure was corrected",
        ),
        pytest.param(TOLD, TOLD.replace("fell", "has fallen"), "", id="a word was"),
        pytest.param(f"{TOLD}\n{ADDED}", TOLD, "", id="a sentence was taken away"),
    ],
)  # fmt: skip
def test_an_edit_is_news_where_it_says_something_else(before: str, after: str, news: str) -> None:
    assert news_of_edit(before, after, [before]) == news


@pytest.mark.parametrize(
    ("text", "news"),
    [
        pytest.param(
            "中芯国际缺陷密度由0.34降至0.21，12个封装显示，8层。", "", id="a translation",
        ),
        pytest.param(
            "中芯国际缺陷密度由０.３４降至０.２１，十二个封装显示。", "", id="full-width digits",
        ),
        pytest.param(
            "中芯国际缺陷密度降至0.21。深圳产线月产能为15000片，正扩至25000片，供应商表示如此。",
            "深圳产线月产能为15000片，正扩至25000片，供应商表示如此。",
            id="a follow-up with figures of its own",
        ),
    ],
)  # fmt: skip
def test_another_language_is_news_by_its_figures(text: str, news: str) -> None:
    assert news_in_another_language(text, [TOLD]) == news
