"""Which links are followed: Zalo's own, and never an address that a message chose."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import MisconfiguredError
from chassis.fetch import AllowedHosts
from services.chatbot.settings import ChatbotSettings
from services.tips.settings import TipsSettings

HOSTS = AllowedHosts.parse("MEDIA_HOSTS", "zdn.vn, .zadn.vn,127.0.0.1:8020")


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


@pytest.mark.parametrize(
    "entry", ["zdn.vn:https", ":8020", "zdn.vn:", "zdn.vn:0", "zdn.vn:65536", "https://zdn.vn", "a b", "*.vn", "::1"]
)
def test_an_entry_that_is_neither_is_named_with_its_setting(entry: str) -> None:
    with pytest.raises(MisconfiguredError, match=f"MEDIA_HOSTS: {re.escape(repr(entry))} is neither"):
        AllowedHosts.parse("MEDIA_HOSTS", f"zadn.vn,{entry}")


def test_a_host_of_ours_may_have_an_address_of_the_sixth_version() -> None:
    assert AllowedHosts.parse("ASSET_HOSTS", "[::1]:8001").allow("http://[::1]:8001/a")


@pytest.mark.parametrize("settings", [TipsSettings(), ChatbotSettings()])
def test_the_default_list_is_zalos_and_nobody_elses(settings: TipsSettings | ChatbotSettings) -> None:
    hosts = AllowedHosts.parse("MEDIA_HOSTS", settings.media_hosts)
    assert hosts.exact == frozenset()
    assert hosts.domains == {"zdn.vn", "zadn.vn", "dlfl.vn", "dlmd.me"}
