"""`/info`: read once, by the path that answers; nothing depends on it (jtl PROTOCOL §10)."""

import json
from typing import Any

import pytest

from tests.drivers.simulator import RunningSimulator
from tui.domain.jtl.server_info import ServerInfo, other_database


async def test_version_and_tenant_are_read_once(both: Any, erp: RunningSimulator) -> None:
    assert both.server() is None
    info = await both.jtl.server_info()
    assert (info.version, info.tenant) == ("1.11.7.0", erp.tenant_id)
    assert await both.jtl.server_info() == info == both.server()
    assert [one["path"] for one in erp.received("GET", "info")] == ["/erp/v2/info"]


@pytest.mark.parametrize(
    "body", [{}, [], "text", None, {"tenant": {"name": "x"}}, {"version": 7}, {"Message": "no"}]
)
async def test_without_a_usable_tenant_the_version_alone_is_read(
    both: Any, erp: RunningSimulator, body: object
) -> None:
    erp.fails("v2/info", "raw", json.dumps({"body": body}))
    assert await both.jtl.server_info() == ServerInfo("1.11.7.0")


@pytest.mark.parametrize("status", [401, 403, 404, 405, 429, 500, 503])
async def test_without_it_nothing_is_known_and_the_login_is_not_blamed(
    both: Any, erp: RunningSimulator, status: int
) -> None:
    await both.jtl.workers()
    before = len(erp.received("POST", "token"))
    erp.fault(f"info=status:{status}")
    assert await both.jtl.server_info() is None
    assert await both.jtl.server_info() is None
    assert len(erp.received("GET", "info")) == 2
    assert len(erp.received("POST", "token")) == before
    assert not any(one.is_refused for one in both.credentials())
    assert both.warnings == ()


@pytest.mark.parametrize(
    ("base_url", "reported", "other"),
    [
        ("https://wawi:5883/api/eazybusiness", "eazybusiness", False),
        ("https://wawi:5883/api/eazybusiness/", "Mandant2", True),
        ("https://wawi:5883/api/EazyBusiness", "eazybusiness", True),
        ("https://wawi:5883/api/Haus%20M%C3%BCller", "Haus Müller", False),
        ("https://wawi:5883/api/eazybusiness", "", False),
        ("https://wawi:5883/api/eazybusiness", "5f2c7a10-3d0e-4c55-9a41-8f6f3c0b1d27", False),
        ("https://api.jtl-cloud.com/erp", "Mandant2", False),
    ],
)
def test_another_database_is_one_that_base_url_does_not_name(
    base_url: str, reported: str, other: bool
) -> None:
    assert bool(other_database(ServerInfo("1.11.7", reported), base_url)) is other
