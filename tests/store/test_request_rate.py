"""How much a console asks of a server at the defaults: at most 60 requests a minute of each system,
also while everything fails. Counted where it counts: in the server's log."""

from collections import Counter

import pytest

from tests.drivers.fake_time import FakeTime
from tui.api.http.transport import Time
from tui.api.live_service import LiveService
from tui.api.settings import BearerToken, EnvRef, JtlSettings, ServiceSettings, SuperOfficeSettings
from tui.config.model import Refresh
from tui.config.to_settings import every
from tui.domain.check import MOST_A_MINUTE
from tui.simulator import credentials
from tui.simulator.app import create_app
from tui.simulator.faults.table import parse_fault
from tui.store.poller import Poller
from tui.store.store import Store

MINUTES = 3
URL = "http://demo.localhost"


class UnhurriedTime(FakeTime):
    """Lets a whole exchange with the server in this process come to rest."""

    async def settle(self) -> None:
        for _ in range(12):
            await super().settle()


async def asked_in_every_minute(fault: str) -> Counter[tuple[str, int]]:
    """Requests by system and minute, of a console that shows everything."""
    time, app = UnhurriedTime(), create_app()
    if fault:
        app.world.faults.append(parse_fault(fault))
    jtl, superoffice = (BearerToken(EnvRef(name)) for name in ("ACME_JTL", "ACME_SO"))
    settings = ServiceSettings(
        JtlSettings(f"{URL}/erp", auth=jtl, tenant_id=credentials.TENANT_ID),
        SuperOfficeSettings(f"{URL}/{credentials.SO_TENANT}", auth=superoffice),
    )
    clocks = Time(monotonic=time.monotonic, wall=lambda: time.clock().timestamp(), sleep=time.sleep)
    service = LiveService(settings, asgi_app=app, time=clocks)
    poller = Poller(
        service,
        Store(frozenset()),
        every(Refresh()),
        clock=time.clock,
        monotonic=time.monotonic,
        sleep=time.sleep,
    )
    asked: Counter[tuple[str, int]] = Counter()
    poller.start()
    for minute in range(MINUTES):
        app.world.log.clear()
        await time.advance(60)
        for one in app.world.log:
            asked["superoffice" if "ErpSync" in one["path"] else "jtl", minute] += 1
    await poller.aclose()
    await service.aclose()
    return asked


@pytest.mark.parametrize(
    "fault", ["", ".*=status:503", ".*=status:401", ".*=status:404", ".*=null", ".*=html"]
)
async def test_no_more_than_sixty_a_minute_are_asked(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_JTL", credentials.STATIC_BEARER)
    monkeypatch.setenv("ACME_SO", credentials.SO_TOKEN)
    asked = await asked_in_every_minute(fault)
    assert {system for system, _ in asked} == {"jtl", "superoffice"}
    assert len(asked) == 2 * MINUTES
    assert max(asked.values()) <= MOST_A_MINUTE
