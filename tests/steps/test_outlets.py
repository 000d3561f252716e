"""Outlets: papers of one house are one owner, whatever the host or the aggregator."""

import pytest

from pipeline.adapters.files import packaged
from pipeline.errors import ConfigError
from pipeline.steps import outlets

PACKAGED = outlets.load((packaged("config") / "outlets.toml").read_bytes(), "outlets.toml")

OWNERS = [
    ("a host of a house", "", "https://www.eetimes.com/a", "AspenCore"),
    ("another of it", "EE Times Asia", "https://www.eetasia.com/a", "AspenCore"),
    ("a host below one", "", "https://xtech.nikkei.com/a", "Nikkei"),
    ("nobody known", "Blog", "https://blog.example.co.uk/a", "example.co.uk"),
    ("a host that only ends alike", "", "https://notft.com/a", "notft.com"),
    ("an aggregator names it", "Reuters", "https://news.google.com/x", "Thomson Reuters"),
    ("one that names nobody known", "My  Blog", "https://finance.yahoo.com/x", "my blog"),
    ("one that names none", "", "https://finance.yahoo.com/x", "yahoo.com"),
    ("only a name", "Tom's Hardware", "", "Future"),
    ("nothing", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("site", "url", "owner"), [row[1:] for row in OWNERS], ids=[row[0] for row in OWNERS]
)
def test_an_outlet_has_an_owner(site: str, url: str, owner: str) -> None:
    assert outlets.owner(site, url, PACKAGED) == owner


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"[owners", "TOML"),
        (b'[owners]\nA = "b"\n', "`A`"),
        (b'[owners]\nA = ["x.com"]\nB = ["X.com"]\n', "belongs to A"),
        (b"aggregators = [1]\n", "`aggregators`"),
    ],
)
def test_a_broken_table_says_what_is_wrong(data: bytes, says: str) -> None:
    with pytest.raises(ConfigError, match=r"outlets\.toml") as caught:
        outlets.load(data, "outlets.toml")
    assert says in str(caught.value)
