"""A write goes to the address that its review showed, or nowhere (D7)."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.drivers.command import trail
from tests.drivers.console import console, write_config
from tests.drivers.simulator import RunningSimulator
from tests.ops.sent import sent
from tui.api.errors import ServerFailed
from tui.config.file import read
from tui.core import Core
from tui.domain.jtl.workers import WorkerSync
from tui.domain.result import Result
from tui.launch import RunOptions
from tui.ops.operations.configure_worker import configure
from tui.ops.operations.sync_all import sync_all
from tui.ops.operations.toggle_connection import toggle as propose_toggle
from tui.ops.proposals.proposal import Proposal, going_elsewhere
from tui.simulator.superoffice.tenant import MOVED_TO
from tui.wiring import build_core


@pytest.fixture
async def core(erp: RunningSimulator) -> AsyncIterator[Core]:
    core = build_core(read(write_config(erp, online=True)), "sim", RunOptions())
    yield core
    await core.aclose()


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        yield running


def accepted(erp: RunningSimulator) -> list[str]:
    return [entry["path"] for entry in sent(erp) if entry["status"] != 421]


async def toggle(core: Core) -> Proposal:
    listed = await core.service.superoffice.connections()
    proposal = propose_toggle(listed[1])
    assert isinstance(proposal, Proposal)
    return replace(proposal, reviewed=core.guard.preview(proposal.write).line)


async def test_d7_a_tenant_that_moved_since_the_review_gets_nothing(
    erp: RunningSimulator, core: Core, private_places: Path
) -> None:
    proposal = await toggle(core)
    erp.state(superoffice={"moved": True})
    outcome = await core.executor.perform(proposal)
    assert outcome.kind is Result.REFUSED
    assert outcome.sentence == (
        f"nothing was sent: the request now goes to {erp.url}/{MOVED_TO},"
        f" not to {erp.url}/{erp.so_tenant} as reviewed"
    )
    assert "Review it again" in outcome.next_step
    assert accepted(erp) == []
    assert trail(private_places) == []
    assert (await core.executor.perform(await toggle(core))).kind is Result.APPLIED
    assert [path.split("/")[1] for path in accepted(erp)] == [MOVED_TO]


async def test_d7_a_write_that_rests_on_nothing_is_refused_where_the_state_names_another_address(
    erp: RunningSimulator, core: Core
) -> None:
    await core.service.superoffice.connections()
    proposal = sync_all(False, None)
    proposal = replace(proposal, reviewed=core.guard.preview(proposal.write).line)
    erp.state(superoffice={"moved": True})
    # What is known of the tenant is no longer valid: the state is asked right before the call.
    erp.fault("GetEngineStatus=status:500*1")
    with pytest.raises(ServerFailed):
        await core.service.superoffice.engine_status()
    outcome = await core.executor.perform(proposal)
    assert outcome.kind is Result.REFUSED
    assert MOVED_TO in outcome.sentence
    assert outcome.sentence.startswith("nothing was sent: ")
    assert accepted(erp) == []


async def test_d7_a_write_that_meets_the_move_itself_names_the_new_address(
    erp: RunningSimulator, core: Core
) -> None:
    await core.service.superoffice.connections()
    proposal = sync_all(False, None)
    proposal = replace(proposal, reviewed=core.guard.preview(proposal.write).line)
    erp.state(superoffice={"moved": True})
    outcome = await core.executor.perform(proposal)
    assert outcome.kind is Result.FAILED
    assert f"has moved to 127.0.0.1:{erp.port}/{MOVED_TO}" in outcome.sentence
    assert "nothing was changed" in outcome.sentence
    assert "Review it again" in outcome.next_step
    assert accepted(erp) == []
    assert MOVED_TO in core.guard.preview(proposal.write).url


async def test_d7_another_api_version_than_the_reviewed_one_is_refused(
    erp: RunningSimulator, core: Core
) -> None:
    syncs = {one.channel: one for one in await core.service.jtl.workers()}
    assert isinstance(syncs["Temu DE"], WorkerSync)
    proposal = configure(syncs["Temu DE"], 600.0, {})
    assert isinstance(proposal, Proposal)
    proposal = replace(proposal, reviewed=core.guard.preview(proposal.write).line)
    assert "/v1/" in proposal.reviewed
    erp.fault("/v1/workers=status:404")
    outcome = await core.executor.perform(proposal)
    assert outcome.kind is Result.REFUSED
    assert outcome.sentence == (
        f"nothing was sent: the request now goes to {erp.cloud_base}/v2,"
        f" not to {erp.cloud_base}/v1 as reviewed"
    )
    assert accepted(erp) == []


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (
            "PUT https://a/erp/v1/x",
            "PUT https://a/erp/v2/x",
            "to https://a/erp/v2, not to https://a/erp/v1",
        ),
        ("PUT https://a/x", "PUT https://b/x", "to https://b, not to https://a"),
        ("PUT http://a/x", "PUT https://a/x", "to https:, not to http:"),
        ("PUT https://a/x", "PUT https://a/x/y", "to https://a/x/y, not to https://a/x"),
        ("PUT https://a:1/x", "PUT https://a:2/x", "to https://a:2, not to https://a:1"),
    ],
)
def test_what_differs_of_two_requests_is_named(was: str, now: str, told: str) -> None:
    assert going_elsewhere(was, now) == f"the request now goes {told} as reviewed"


# On screen.


async def test_d7_the_review_shows_the_new_address_and_wants_a_key_of_its_own(
    erp: RunningSimulator,
) -> None:
    async with console(erp, online=True, size=(120, 40)) as deck:
        await deck.connections.show()
        await deck.press("t")
        await deck.opens("Activate or deactivate")
        erp.state(superoffice={"moved": True})
        await deck.press("y")
        await deck.sees(f"the request now goes to {erp.url}/{MOVED_TO}, not to ")
        assert accepted(erp) == []
        await deck.sees(f"{erp.url}/{MOVED_TO}/api/v1/Agents/ErpSync/Tog")
        await deck.press("y")
        await deck.until(lambda: bool(accepted(erp)), "a request")
        assert [path.split("/")[1] for path in accepted(erp)] == [MOVED_TO]


async def test_d7_of_many_none_goes_to_another_version_than_the_first_was_shown_for(
    erp: RunningSimulator,
) -> None:
    async with console(erp, size=(120, 40)) as deck:
        for name in ("Temu DE", "Hauptshop"):
            await deck.workers.focus(name)
            await deck.press("space")
        await deck.press("x")
        await deck.opens("Stop sync · 2 syncs")
        erp.fault("/v1/=status:404")
        await deck.sees(f"the request now goes to {erp.cloud_base}/v2")
        await deck.press("y")
        await deck.until(lambda: len(accepted(erp)) == 2, "two requests")
        assert {path.split("/")[2] for path in accepted(erp)} == {"v2"}
