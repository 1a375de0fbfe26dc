"""A page that nobody looked at is not proven: without a browser the tests fail, and say what to install."""

import pytest

from tests.browser import executable


def test_without_chromium_the_tests_fail_and_name_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        executable()
