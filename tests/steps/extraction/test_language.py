"""Which language a text is in: by its script, by words only English has, by statistics."""

import subprocess
import sys

import pytest

from pipeline.steps.extraction.language import identify

ENGLISH = "The foundry said that it has added two lines for the packaging of accelerators."


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        pytest.param(ENGLISH, "", "en", id="English"),
        pytest.param(ENGLISH, "de", "en", id="English, whatever the page declares"),
        pytest.param("台积电将在第四季度增加先进封装的产能。", "", "zh", id="Chinese"),
        pytest.param("TSMC 和 ASML 均表示,不会影响今年的交付。", "", "zh", id="Latin names in it"),
        pytest.param("삼성전자는 내년부터 HBM4 양산을 시작한다고 밝혔다.", "", "ko", id="Korean"),
        pytest.param("東京エレクトロンは新工場の建設を発表した。", "", "ja", id="Japanese"),
        pytest.param(
            "Der Konzern baut in Dresden ein neues Werk und stellt zweitausend Leute ein.",
            "", "de", id="German",
        ),
        pytest.param(
            'Der Film "The Lord of the Rings" lief wieder im Kino, und die Leute standen an der '
            "Kasse Schlange, obwohl es den ganzen Tag über geregnet hatte und kalt war.",
            "", "de", id="German with an English title",
        ),
        pytest.param(
            "L'usine de Grenoble produira des plaquettes de silicium pour les voitures.",
            "", "fr", id="French",
        ),
        pytest.param("Chipmaker shares rise", "en-US", "en", id="too short: as declared"),
        pytest.param("Chipmaker shares rise", "", "", id="too short, nothing declared"),
        pytest.param("", "cmn-Hans", "zh", id="nothing but a declaration"),
    ],
)  # fmt: skip
def test_a_text_is_in_its_language(text: str, declared: str, expected: str) -> None:
    assert identify(text, declared) == expected


def test_plain_english_loads_no_language_model() -> None:
    """The model costs every process that loads it .7 s; most articles are plainly English."""
    asked = (
        "import sys; from pipeline.steps.extraction.language import identify;"
        f"print(identify({ENGLISH!r}), 'py3langid' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["en", "False"]
