"""The server's clock is read from its `Date`, and known also after ours was set."""

import time
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest

from tests.api.conftest import AT_ONCE, Open, Profiles
from tests.api.http.test_client_pool import ENGINE, a_server
from tests.drivers.simulator import RunningSimulator
from tui.api.http.transport import Time
from tui.api.live_service import LiveService
from tui.api.settings import BearerToken, ServiceSettings, SuperOfficeSettings
from tui.domain.profile import System


async def test_t12_the_offset_follows_our_clock_when_it_is_set(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    ahead = 0.0
    settings = ServiceSettings(Profiles(erp, tmp_path).cloud())
    service = LiveService(settings, time=Time(wall=lambda: time.time() + ahead))
    try:
        await service.jtl.workers()
        assert abs(service.clock_offset(System.JTL) or 0) < 5
        ahead = -3_600.0
        assert abs((service.clock_offset(System.JTL) or 0) - 3_600) < 5
    finally:
        await service.aclose()


@pytest.mark.parametrize(
    ("ours", "least", "most"),
    [
        (0.0, -0.01, 0.01),
        (0.9, -0.01, 0.01),
        (1.9, -0.01, 0.01),
        (90.0, -90.0, -60.0),
        (-9.0, 9.0, 30.0),
    ],
)
async def test_no_offset_is_made_of_what_a_date_of_whole_seconds_cannot_tell(
    open_service: Open, profiles: Profiles, ours: float, least: float, most: float
) -> None:
    stopped = replace(AT_ONCE, wall=lambda: 1_796_000_000.0 + ours, elapsed=lambda: 5.0)
    async with a_server(ENGINE, f"Date: {formatdate(1_796_000_000, usegmt=True)}") as (url, _):
        system = SuperOfficeSettings(url, auth=BearerToken(profiles.secret("t")))
        service = open_service(None, system, time=stopped)
        await service.superoffice.engine_status()
    offset = service.clock_offset(System.SUPEROFFICE)
    assert offset is not None
    assert least <= offset <= most
