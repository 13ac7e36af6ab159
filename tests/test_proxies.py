"""The proxies of the guide, without a browser."""

import httpx
import pytest

from tests import proxies

KINDS = ("nginx-stripped", "nginx-kept", "caddy-stripped", "caddy-kept")


@pytest.mark.parametrize("kind", KINDS)
def test_the_root_is_sent_on_to_its_slash_by_whatever_host_and_port_it_is_known(kind: str) -> None:
    if help_ := proxies.missing(kind):
        pytest.skip(help_)
    with proxies.Proxy(kind, port=9) as proxy:
        answer = httpx.get(proxy.url, headers={"Host": "127.0.0.1:8080"})
    assert answer.is_redirect
    assert answer.headers["Location"] == f"{proxies.PREFIX}/"


def test_a_proxy_that_is_absent_is_named_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert "apt-get install nginx" in proxies.missing("nginx-kept")
    assert proxies.main() == 1
    assert "apt-get install caddy" in capsys.readouterr().err
