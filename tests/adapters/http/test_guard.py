"""URLs taken apart and addresses vetted, without a network."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.http.guard import Guard, embedded, is_public, target
from pipeline.errors import FetchError


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://a.test", "http://a.test/"),
        ("HTTP://A.TEST:80/Feed", "http://a.test/Feed"),
        ("https://a.test:443/", "https://a.test/"),
        ("http://a.test:8080/?q=1#part", "http://a.test:8080/?q=1"),
        ("http://a.test/über?q=ä", "http://a.test/%C3%BCber?q=%C3%A4"),
        ("http://a.test/a%2Fb%zz", "http://a.test/a%2Fb%zz"),
        ("http://bücher.test/", "http://xn--bcher-kva.test/"),
        ("http://新闻.test/", "http://xn--efvy88h.test/"),
        ("http://[2606:4700::1111]:81/", "http://[2606:4700::1111]:81/"),
        ("http://1.2.3.4/", "http://1.2.3.4/"),
        ("http://a.test?x", "http://a.test/?x"),
        ("http://a_b.test/", "http://a_b.test/"),
    ],
)
def test_a_url_is_asked_for_in_ascii_without_its_fragment(url: str, asked: str) -> None:
    assert target(url).url == asked
    assert target(asked).url == asked


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_a_fetch_error(text: str) -> None:
    for url in (text, "http://" + text, "https://a.test/" + text):
        try:
            found = target(url)
        except FetchError as error:
            assert error.reason == "address"
            continue
        assert found.url.isascii()
        assert not any(character <= " " for character in found.url)
        assert target(found.url) == found


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_permitted(address: str) -> None:
    assert Guard().permits(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_in_each_of_its_disguises(
    address: ipaddress.IPv4Address,
) -> None:
    guard = Guard()
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    nat64 = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(address))
    assert embedded(mapped) == embedded(nat64) == address
    assert guard.permits(str(mapped)) == guard.permits(str(nat64)) == guard.permits(str(address))
    assert not guard.permits(f"2002:{int(address) >> 16:x}:{int(address) & 0xFFFF:x}::")


@given(st.ip_addresses())
def test_nothing_private_is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    private = address.is_private or address.is_loopback or address.is_link_local
    if private or address.is_multicast or address.is_unspecified or address.is_reserved:
        assert not is_public(address)


def test_an_allowed_network_allows_its_addresses_in_any_spelling_and_no_others() -> None:
    guard = Guard(["10.0.0.0/8", "fd00::/8"])
    assert guard.permits("10.1.2.3")
    assert guard.permits("::ffff:10.1.2.3")
    assert guard.permits("fd00::1")
    assert not guard.permits("127.0.0.1")
    assert not guard.permits("192.168.0.1")
