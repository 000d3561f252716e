"""Whatever charset a page is in, and whatever it says about that, its text comes out."""

import pytest

from pipeline.steps.extraction.decoding import as_utf8, decode

CHINESE = "<p>华为的昇腾芯片由中芯国际制造，良率仍然较低。分析人士说，这是出口管制的结果。</p>" * 8
JAPANESE = "<p>半導体製造装置の輸出規制が強化された。東京エレクトロンの株価は下落した。</p>" * 8
KOREAN = "<p>삼성전자와 SK하이닉스가 고대역폭메모리를 공급한다. 수출 통제가 영향을 미쳤다.</p>" * 8
TAIWANESE = "<p>台積電的先進封裝產能仍然不足，輝達的訂單占了大半。法人看好後市。</p>" * 8
GERMAN = "<p>Die Prüfung der Lieferkette für Halbleiter läuft, sagte der Geschäftsführer.</p>"
RUSSIAN = (
    "<p>Производитель микросхем сообщил о росте выручки и новых заказах на оборудование.</p>" * 8
)


@pytest.mark.parametrize(
    "label", ["", "utf-8", "iso-8859-1", "shift_jis"], ids=lambda label: label or "no label"
)
@pytest.mark.parametrize(
    ("text", "charset"),
    [
        pytest.param(CHINESE, "gb18030", id="simplified Chinese in GB18030"),
        pytest.param(TAIWANESE, "big5", id="traditional Chinese in Big5"),
        pytest.param(JAPANESE, "shift_jis", id="Japanese in Shift-JIS"),
        pytest.param(JAPANESE, "euc_jp", id="Japanese in EUC-JP"),
        pytest.param(JAPANESE, "iso2022_jp", id="Japanese in ISO-2022-JP"),
        pytest.param(KOREAN, "euc_kr", id="Korean in EUC-KR"),
        pytest.param(CHINESE, "utf-8", id="UTF-8"),
        pytest.param(CHINESE, "utf-16", id="UTF-16 with a byte order mark"),
    ],
)
def test_a_page_is_read_whatever_its_meta_says(text: str, charset: str, label: str) -> None:
    page = f'<html><head><meta charset="{label}"></head><body>{text}</body></html>'
    assert text in decode(page.encode(charset))


@pytest.mark.parametrize(
    ("text", "charset", "content_type"),
    [
        pytest.param(
            GERMAN, "latin-1", "text/html; charset=ISO-8859-1", id="Latin 1 by its header"
        ),
        pytest.param(
            GERMAN + "<p>“50 €”</p>",
            "cp1252",
            "text/html; charset=latin1",
            id="Latin 1 that is Windows 1252",
        ),
        pytest.param(
            RUSSIAN, "cp1251", "text/html; charset=windows-1251", id="Cyrillic by its header"
        ),
        pytest.param(RUSSIAN, "cp1251", "", id="Cyrillic that nobody labelled"),
        pytest.param(
            GERMAN, "utf-8", "text/html; charset=ISO-8859-1", id="UTF-8 under a wrong header"
        ),
        pytest.param(
            GERMAN, "utf-8", "text/html; charset=no-such", id="a charset that does not exist"
        ),
    ],
)
def test_headers_are_believed_where_the_bytes_allow(
    text: str, charset: str, content_type: str
) -> None:
    assert decode(text.encode(charset), content_type) == text


def test_one_cut_character_does_not_turn_utf_8_into_something_else() -> None:
    body = CHINESE.encode()
    assert decode(body[:-5] + body[-4:]).startswith(CHINESE[:100])


@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-8-sig", "utf-16", "iso2022_jp", "shift_jis", "euc_jp"]
)
def test_a_page_in_utf_8_is_not_made_anew_and_any_other_is(charset: str) -> None:
    body = JAPANESE.encode(charset)
    assert as_utf8(body).decode() == decode(body) == JAPANESE
    assert (as_utf8(body) is body) == (charset == "utf-8")


def test_bytes_that_fit_no_charset_come_out_as_utf_8_all_the_same() -> None:
    body = b"<p>\xff\xfe\xfd" + CHINESE.encode()[:-5]
    assert as_utf8(body).decode("utf-8", "surrogatepass") == decode(body)
