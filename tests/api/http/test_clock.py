"""The server's clock is read from its `Date`, and known also after ours was set."""

import time
from pathlib import Path

from tests.api.conftest import Profiles
from tests.drivers.simulator import RunningSimulator
from tui.api.http.transport import Time
from tui.api.live_service import LiveService
from tui.api.settings import ServiceSettings
from tui.domain.profile import System


async def test_t12_the_offset_follows_our_clock_when_it_is_set(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    ahead = 0.0
    settings = ServiceSettings("acme", Profiles(erp, tmp_path).cloud())
    service = LiveService(settings, time=Time(wall=lambda: time.time() + ahead))
    try:
        await service.jtl.workers()
        assert abs(service.clock_offset(System.JTL) or 99) < 5
        ahead = -3_600.0
        assert abs((service.clock_offset(System.JTL) or 0) - 3_600) < 5
    finally:
        await service.aclose()
