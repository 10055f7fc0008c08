"""A toggle whose response was lost, and the next one: over real HTTP, by several processes (D4)."""

import signal
from pathlib import Path

import pytest

from tests.drivers.command import Run, started, syncdeck, trail
from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator

TOGGLE = "ToggleErpConnectionActive"
NAME = "Business Central DE"


def toggles(erp: RunningSimulator) -> int:
    return len(erp.received("POST", TOGGLE))


def is_active(erp: RunningSimulator) -> bool:
    return bool(erp.world.so.connections[1].active)


@pytest.fixture
def lost(erp: RunningSimulator, run: Run) -> RunningSimulator:
    """An ERP that has deactivated connection 1, with nobody having heard of it."""
    erp.fault(f"{TOGGLE}=lost*1")
    done = run("connection.toggle", "1", "--yes")
    assert done.code == 1
    assert (toggles(erp), is_active(erp)) == (1, False)
    return erp


@pytest.mark.parametrize("more", [[], ["--set", "active=true"]], ids=["toggle", "active"])
def test_d4_a_second_one_at_once_is_refused_and_says_how_to_proceed(
    lost: RunningSimulator, run: Run, more: list[str]
) -> None:
    done = run("connection.toggle", "1", *more, "--yes")
    assert done.code == 2
    assert f"refused · {NAME}" in done.out
    assert "a toggle to inactive at " in done.out
    assert "It is inactive now. If this is right, " in done.out
    assert "`run`: --set expect=inactive" in done.out
    assert (toggles(lost), is_active(lost)) == (1, False)


def test_d4_from_another_process_too(lost: RunningSimulator) -> None:
    done = syncdeck("run", "connection.toggle", NAME, "--yes", "--json")
    assert done.code == 2
    (result,) = done.document["results"]
    assert result["result"] == "refused"
    assert toggles(lost) == 1


def test_d4_other_connections_are_not_held_back(lost: RunningSimulator, run: Run) -> None:
    assert run("connection.toggle", "1", "2", "--yes").code == 2
    assert toggles(lost) == 2
    assert run("connection.toggle", "2", "--yes").code == 0


def test_d4_whoever_knows_the_state_says_so_and_goes_on(lost: RunningSimulator, run: Run) -> None:
    lost.world.so.connections[1].toggle_reasons.clear()
    wrong = run("connection.toggle", "1", "--set", "expect=active", "--yes")
    assert wrong.code == 2
    assert "expected active, but the server says inactive" in wrong.err
    bad = run("connection.toggle", "1", "--set", "expect=off", "--yes")
    assert "expect: 'off' is invalid: write active or inactive" in bad.err
    assert toggles(lost) == 1
    done = run("connection.toggle", "1", "--set", "expect=inactive", "--yes")
    assert done.code == 0, done.err
    assert "Warning      stated to be inactive" in done.out
    assert (toggles(lost), is_active(lost)) == (2, True)


def test_d4_without_an_earlier_one_nothing_need_be_expected(erp: RunningSimulator, run: Run) -> None:
    assert run("connection.toggle", "1", "--yes").code == 0
    assert run("connection.toggle", "1", "--yes").code == 0
    assert (toggles(erp), is_active(erp)) == (2, True)


@pytest.mark.parametrize("ending", [None, signal.SIGKILL, signal.SIGTERM])
def test_d4_one_in_flight_in_another_process_holds_alive_or_dead(
    erp: RunningSimulator, run: Run, ending: signal.Signals | None
) -> None:
    erp.fault(f"{TOGGLE}=hang*1")
    first = started("run", "connection.toggle", "1", "--yes")
    try:
        erp.wait_received("POST", TOGGLE)
        if ending is not None:
            first.send_signal(ending)
            first.wait(30)
        done = run("connection.toggle", "1", "--yes")
    finally:
        first.kill()
        first.wait(30)
    assert done.code == 2
    words = "has no response yet" if ending is None else "has an unknown result"
    assert words in done.out
    assert toggles(erp) == 1


def test_d4_a_refused_one_is_noted_nowhere(
    lost: RunningSimulator, run: Run, private_places: Path
) -> None:
    before = trail(private_places)
    run("connection.toggle", "1", "--yes")
    assert trail(private_places) == before


def test_d4_a_trail_with_an_unreadable_line_says_so(
    erp: RunningSimulator, run: Run, private_places: Path
) -> None:
    folder = private_places / "state" / "audit"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "sim.jsonl").write_text("rubbish\n")
    done = run("connection.toggle", "1", "--yes")
    assert done.code == 2
    assert "line 1 of the audit trail is unreadable; it may be a toggle of this connection" in done.out
    assert toggles(erp) == 0
    assert run("connection.toggle", "1", "--set", "expect=active", "--yes").code == 0


async def test_d4_in_a_console_the_toggle_of_run_counts(lost: RunningSimulator) -> None:
    lost.world.so.connections[1].toggle_reasons.clear()
    async with console(lost) as deck:
        await deck.connections.show()
        await deck.connections.focus(NAME)
        await deck.press("t")
        await deck.opens("Activate or deactivate")
        await deck.press("y")
        await deck.sees("nothing was sent: a toggle to inactive at ")
        assert "If this is right, use :toggle expect=inactive" in deck.text()
        assert toggles(lost) == 0
        await deck.press("escape")
        await deck.command("toggle expect=active")
        assert "expected active, but the server says inactive" in deck.text()
        await deck.press("escape")
        await deck.command("toggle expect=inactive")
        await deck.opens("Activate or deactivate")
        assert "stated to be inactive" in await deck.read()
        await deck.press("y")
        await deck.opens("")
        assert (toggles(lost), is_active(lost)) == (1, True)


async def test_d4_a_toggle_is_remembered_after_another_profile_was_chosen(erp: RunningSimulator) -> None:
    async with console(erp, others={"other": "development"}) as deck:
        for name in ("other", "sim"):
            await deck.connections.show()
            if name == "other":
                erp.fault(f"{TOGGLE}=lost*1")
                await deck.connections.focus(NAME)
                await deck.press("t")
                await deck.opens("Activate or deactivate")
                await deck.press("y")
                await deck.sees("; checked:")
                await deck.press("escape")
            await deck.press("P")
            await deck.opens("Profiles")
            await deck.press("g" if name == "other" else "G", "enter")
            await deck.opens("")
            await deck.sees(f"syncdeck · {name}")
        await deck.connections.show()
        await deck.connections.focus(NAME)
        await deck.press("t")
        await deck.opens("Activate or deactivate")
        await deck.press("y")
        await deck.sees("nothing was sent: a toggle to inactive at ")
        assert toggles(erp) == 1
