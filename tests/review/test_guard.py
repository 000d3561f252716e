"""Who may write: every way in that a browser can be tricked into is refused in words."""

import pytest

from pipeline.review.guard import LOOPBACK, host_name, refuse_host, refuse_write

OWN_PAGE = {
    "host": "127.0.0.1:8571",
    "content-type": "application/json",
    "sec-fetch-site": "same-origin",
    "origin": "http://127.0.0.1:8571",
}


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({}, None, id="our own page"),
        pytest.param({"sec-fetch-site": "none"}, None, id="typed by the person"),
        pytest.param({"content-type": "application/json; charset=utf-8"}, None, id="a charset"),
        pytest.param({"host": "evil.test:8571", "origin": "http://evil.test:8571"}, 400,
                     id="a name pointed at this machine"),
        pytest.param({"host": ""}, 400, id="no host"),
        pytest.param({"content-type": "text/plain"}, 403, id="a form's text/plain"),
        pytest.param({"content-type": "application/x-www-form-urlencoded"}, 403, id="a form"),
        pytest.param({"content-type": ""}, 403, id="no type"),
        pytest.param({"sec-fetch-site": "same-site"}, 403, id="another port of this machine"),
        pytest.param({"sec-fetch-site": "cross-site"}, 403, id="another site"),
        pytest.param({"sec-fetch-site": ""}, 403, id="a program without a token"),
        pytest.param({"origin": "http://127.0.0.1:9000"}, 403, id="another port's origin"),
        pytest.param({"origin": "null"}, 403, id="a sandboxed frame"),
        pytest.param({"origin": ""}, 403, id="no origin"),
        pytest.param({"authorization": "Bearer secret", "host": "evil.test"}, None, id="the token"),
        pytest.param({"authorization": "Bearer wrong"}, 403, id="a wrong token"),
        pytest.param({"authorization": "Bearer "}, 403, id="an empty token"),
        pytest.param({"authorization": "Basic secret"}, 403, id="another scheme"),
        pytest.param({"authorization": "Bearer \u00fc"}, 403, id="a token that is no ASCII"),
    ],
)  # fmt: skip
def test_a_write_needs_the_token_or_our_own_page(
    changed: dict[str, str], status: int | None
) -> None:
    refusal = refuse_write({**OWN_PAGE, **changed}, hosts=LOOPBACK, token="secret")
    assert (refusal.status if refusal else None) == status
    assert refusal is None or len(refusal.words) > 10


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({}, 401, id="what a browser would send, or a program forge"),
        pytest.param({"authorization": "Bearer wrong"}, 401, id="a wrong token"),
        pytest.param({"authorization": "Bearer secret"}, None, id="the token"),
        # a browser says nothing of the site on plain http that is not this machine
        pytest.param({"authorization": "Bearer secret", "sec-fetch-site": ""}, None, id="LAN"),
    ],
)
def test_from_another_machine_only_the_token_writes(
    changed: dict[str, str], status: int | None
) -> None:
    headers = {**OWN_PAGE, **changed}
    refusal = refuse_write(headers, hosts=LOOPBACK, token="secret", near=False)
    assert (refusal.status if refusal else None) == status


def test_without_a_token_nobody_has_it() -> None:
    for given in ("Bearer ", "Bearer x"):
        refusal = refuse_write({**OWN_PAGE, "authorization": given}, hosts=LOOPBACK, token="")
        assert refusal is not None


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1:8571", "127.0.0.1"), ("localhost", "localhost"), ("[::1]:80", "::1"),
        ("LOCALHOST:1", "localhost"), ("localhost@evil.test", ""), ("[::1", ""), ("", ""),
        ("evil.test/localhost", ""),
    ],
)  # fmt: skip
def test_a_host_header_is_read_as_a_name(host: str, name: str) -> None:
    assert host_name(host) == name
    assert (refuse_host(host, LOOPBACK) is None) == (name in LOOPBACK)
