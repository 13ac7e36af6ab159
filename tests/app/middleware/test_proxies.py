"""The headers of a named proxy count; one that is not named is logged."""

import json

import httpx
import pytest

from unrolled.app.main import create_app
from unrolled.app.settings import Settings

pytestmark = pytest.mark.anyio
PASSED_ON = {"X-Forwarded-For": "192.0.2.7"}


async def asked_by(app, *peers):
    for peer in peers:
        transport = httpx.ASGITransport(app=app, client=(peer, 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://lab") as client:
            await client.get("/favicon.ico", headers=PASSED_ON)


async def test_an_untrusted_proxy_is_logged_once_with_the_setting_that_trusts_it(caplog):
    await asked_by(create_app(Settings()), "10.0.0.5", "10.0.0.5", "10.0.0.6")
    first, second = caplog.messages
    assert "count as one client" in first
    assert json.dumps(["10.0.0.5"]) in first
    assert json.dumps(["10.0.0.6"]) in second


async def test_the_setting_that_the_log_names_ends_it(caplog):
    await asked_by(create_app(Settings(proxies=["10.0.0.5"])), "10.0.0.5")
    assert not caplog.messages


async def test_many_untrusted_proxies_leave_the_log_short(caplog):
    await asked_by(create_app(Settings()), *(f"10.0.0.{n}" for n in range(20)))
    assert len(caplog.messages) < 10
