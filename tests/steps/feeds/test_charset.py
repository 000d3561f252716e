"""A feed that lies about its encoding is read in the one it has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.steps.feeds.charset import decode

CHINESE = "美国商务部周一宣布收紧对先进芯片的出口管制，台积电与中芯国际的股价应声下跌。"
TRADITIONAL = "台積電週一表示，將擴大先進封裝產能，以因應人工智慧晶片的強勁需求。"
KOREAN = "삼성전자와 에스케이하이닉스는 고대역폭메모리 공급을 확대한다고 월요일 밝혔다."
JAPANESE = "東京エレクトロンは月曜日、先端半導体向け製造装置の増産を発表した。"
RUSSIAN = "Производитель микросхем объявил о расширении завода в понедельник."


def document(text: str, label: str = "utf-8") -> str:
    items = "".join(f"<item><title>{text}</title></item>" for _ in range(3))
    return f'<?xml version="1.0" encoding="{label}"?><rss version="2.0">{items}</rss>'


MISLABELLED = [
    pytest.param(CHINESE, "gbk", id="GBK"),
    pytest.param(CHINESE, "gb18030", id="GB18030"),
    pytest.param(TRADITIONAL, "big5", id="Big5"),
    pytest.param(KOREAN, "euc-kr", id="EUC-KR"),
    pytest.param(KOREAN, "cp949", id="CP949"),
    pytest.param(JAPANESE, "shift_jis", id="Shift JIS"),
    pytest.param(JAPANESE, "euc-jp", id="EUC-JP"),
    pytest.param(RUSSIAN, "windows-1251", id="Windows-1251"),
]


@pytest.mark.parametrize(("text", "encoding"), MISLABELLED)
def test_what_says_utf8_and_is_not_is_recognised(text: str, encoding: str) -> None:
    decoded, notes = decode(document(text).encode(encoding))
    assert text in decoded
    assert notes


LABELLED = [
    pytest.param(CHINESE, "gb2312", id="gb2312 means GB18030"),
    pytest.param(TRADITIONAL, "big5", id="Big5"),
    pytest.param(KOREAN, "euc-kr", id="EUC-KR"),
    pytest.param(JAPANESE, "shift_jis", id="Shift JIS"),
    pytest.param(JAPANESE, "iso-2022-jp", id="ISO-2022-JP, which is ASCII with escapes"),
    pytest.param("Größe – “quoted”", "windows-1252", id="Windows-1252"),
    pytest.param("naïve café", "iso-8859-1", id="Latin 1"),
    pytest.param(RUSSIAN, "koi8-r", id="KOI8-R"),
]


@pytest.mark.parametrize(("text", "encoding"), LABELLED)
def test_an_honest_label_is_believed(text: str, encoding: str) -> None:
    decoded, notes = decode(document(text, encoding).encode(encoding))
    assert text in decoded
    assert notes == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_wide_encodings_and_marks_are_recognised(encoding: str) -> None:
    decoded, _ = decode(document(KOREAN, "utf-16").encode(encoding))
    assert KOREAN in decoded
    assert decoded.startswith("<?xml")


def test_utf8_wins_over_a_server_that_calls_everything_latin1() -> None:
    decoded, _ = decode(document(CHINESE).encode(), "text/xml; charset=ISO-8859-1")
    assert CHINESE in decoded


def test_the_transport_wins_over_the_document() -> None:
    decoded, _ = decode(
        document(RUSSIAN, "iso-8859-5").encode("koi8-r"), "text/xml; charset=koi8-r"
    )
    assert RUSSIAN in decoded


@pytest.mark.parametrize("label", ["utf-99", "hex", "rot13", "undefined", "utf-16", "zip"])
def test_a_label_that_names_no_usable_encoding_is_ignored(label: str) -> None:
    decoded, _ = decode(document(CHINESE, label).encode())
    assert CHINESE in decoded


def test_one_bad_byte_costs_one_character() -> None:
    body = document(CHINESE * 5).encode().replace("台".encode(), b"\xff", 1)
    decoded, notes = decode(body)
    assert decoded.count("\ufffd") == 1
    assert "出口管制" in decoded
    assert notes == ("1 undecodable characters in utf-8",)


@given(st.binary(max_size=300), st.sampled_from(["", "text/xml; charset=gbk", "a; charset=\x00"]))
def test_no_bytes_raise(body: bytes, content_type: str) -> None:
    text, _ = decode(body, content_type)
    text.encode()
