"""A server that forgets its tokens: another one is there within seconds (L1)."""

from tests.api.auth.test_credential import clocked, time, tokens_fetched
from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.fake_time import FakeTime
from tests.drivers.simulator import RunningSimulator
from tui.api.errors import ServerFailed

__all__ = ["time"]


async def test_l1_a_token_that_worked_is_replaced_again_within_seconds(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime
) -> None:
    """A server that is restarted twice within a minute forgets its tokens each time."""
    service = open_service(profiles.cloud(), time=clocked(time))
    await service.jtl.workers()
    for lost in range(1, 4):
        erp.fault("/workers=expired*1")
        assert len(await service.jtl.workers()) == 12
        assert tokens_fetched(erp) == 1 + lost
        time.elapsed += 11


async def test_l1_until_the_next_one_may_be_asked_for_nobody_is_told_to_check_the_credentials(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime
) -> None:
    service = open_service(profiles.cloud(), time=clocked(time))
    await service.jtl.workers()
    for _ in range(2):
        erp.fault("/workers=expired*1")
        await service.jtl.workers()
        time.elapsed += 3
    erp.fault("/workers=expired*1")
    failure = await failure_of(service.jtl.workers())
    assert failure.sentence == "JTL-Wawi no longer accepts the token it issued (401)"
    assert failure.next_step == "No action needed: a new one is requested in 1s, by r at once"
    time.elapsed += 1
    assert len(await service.jtl.workers()) == 12


async def test_l1_a_key_asks_for_another_token_at_once(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime
) -> None:
    service = open_service(profiles.cloud(), time=clocked(time))
    erp.fault("/workers=status:401")
    for _ in range(2):
        await failure_of(service.jtl.workers())
    erp.clear_faults()
    erp.fault("/workers=expired*1")
    time.elapsed += 3
    service.hurry()
    assert len(await service.jtl.workers()) == 12


async def test_l1_a_token_server_that_fails_meanwhile_costs_no_pause(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, time: FakeTime
) -> None:
    service = open_service(profiles.cloud(), time=clocked(time))
    await service.jtl.workers()
    erp.fault("/workers=expired*1")
    erp.fault("/oauth2/token=status:503")
    assert isinstance(await failure_of(service.jtl.workers()), ServerFailed)
    erp.clear_faults()
    assert len(await service.jtl.workers()) == 12
