"""Which links are followed: Zalo's own, and never an address that a message chose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tips.media.links import Hosts
from services.tips.settings import TipsSettings

HOSTS = Hosts.parse("zdn.vn, .zadn.vn,127.0.0.1:8020")


@pytest.mark.parametrize(
    "url",
    [
        "https://photo-link-talk.zdn.vn/abc.jpg",
        "http://zdn.vn/abc.jpg",
        "https://ZDN.VN/abc.jpg",
        "https://f20.zadn.vn/x?y=1#z",
        "https://zdn.vn:443/a",
        "https://zdn.vn./a",
        "http://127.0.0.1:8020/media/a.jpg",
    ],
)
def test_links_of_the_listed_hosts_are_followed(url: str) -> None:
    assert HOSTS.allow(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "zdn.vn/abc.jpg",
        "//zdn.vn/abc.jpg",
        "ftp://zdn.vn/abc.jpg",
        "file:///etc/passwd",
        "https://evilzdn.vn/a",
        "https://zdn.vn.evil.example/a",
        "https://evil.example/zdn.vn",
        "https://zdn.vn@evil.example/a",
        "https://evil.example@zdn.vn/a",
        "https://zdn.vn:8443/a",
        "http://zdn.vn:443/a",
        "https://evil.example\\@zdn.vn/a",
        "https://zdn.vn/a\r\nHost: evil.example",
        "http://127.0.0.1/a",
        "http://127.0.0.1:27017/",
        "http://127.0.0.1.:8021/a",
        "http://2130706433:8020/",
        "http://[::1]:8020/",
        "http://[zdn.vn/",
        "http://zdn.vn:port/",
        "http://169.254.169.254/latest/meta-data",
    ],
)
def test_no_other_link_is(url: str) -> None:
    assert not HOSTS.allow(url)


@given(st.text())
def test_no_text_whatever_makes_it_fail(url: str) -> None:
    assert not HOSTS.allow(url) or "zdn.vn" in url.lower() or "zadn.vn" in url.lower() or "127.0.0.1:8020" in url


def test_an_entry_that_is_neither_is_named() -> None:
    with pytest.raises(ValueError, match=r"MEDIA_HOSTS: 'zdn\.vn:https' is neither"):
        Hosts.parse("zadn.vn,zdn.vn:https")


def test_the_default_list_is_zalos_and_nobody_elses() -> None:
    hosts = Hosts.parse(TipsSettings().media_hosts)
    assert hosts.exact == frozenset()
    assert hosts.domains == {"zdn.vn", "zadn.vn", "dlfl.vn", "dlmd.me"}
