"""Start, stop, restart: never on one key, watched until the state changes, refused where it must be."""

import pytest

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator
from tui.launch import RunOptions


@pytest.mark.parametrize(
    ("key", "title", "last", "action", "seen"),
    [
        ("s", "Start sync", "a", 0, "start of Shop · Hauptshop: now"),
        ("x", "Stop sync", "y", 1, "stop of Shop · Hauptshop: now off"),
        ("R", "Restart sync", "y", 2, "restart of Shop · Hauptshop"),
    ],
)
async def test_a_control_key_opens_a_question_and_its_last_step_sends_once(
    erp: RunningSimulator, key: str, title: str, last: str, action: int, seen: str
) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press(key)
        await deck.opens(f"{title} · Shop · Hauptshop")
        other = {"a": "y", "y": "a"}[last]
        await deck.press(other, key)
        assert deck.heading() == f"{title} · Shop · Hauptshop"
        assert ("even after a restart of the JTL-Worker" in deck.text()) is (key == "x")
        assert deck.sent() == []
        await deck.press(last)
        await deck.opens("")
        (sent,) = deck.sent()
        assert sent["method"] == "PUT"
        assert sent["path"].endswith(erp.worker_id("Hauptshop"))
        assert sent["body"] == {"Action": action}
        await deck.sees(seen)
        if key == "x":
            await deck.until(lambda: "○ off" in deck.cursor_row(), "row that is off")
            assert "Hauptshop" in deck.cursor_row()


async def test_enter_and_cancel_send_nothing(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        for key in ("enter", "escape", "f10", "q"):
            await deck.press("x")
            await deck.opens("Stop sync")
            await deck.press(key)
            await deck.opens("")
        assert deck.sent() == []


async def test_what_cannot_be_controlled_says_why(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("eazybusiness")
        await deck.press("s")
        await deck.press("a")
        await deck.sees("cannot be started or stopped")
        assert deck.heading().startswith("Start sync")
        assert len(deck.sent()) == 1


async def test_on_production_a_stop_wants_the_name_of_the_profile(erp: RunningSimulator) -> None:
    async with console(erp, profile="acme", environment="production") as deck:
        assert "PRODUCTION" in deck.lines()[0]
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.sees("type acme and press enter", "Profile acme · production")
        await deck.press("y", "enter")
        await deck.sees("that is not the profile's name: type acme")
        await deck.press("ctrl+u", *"acm", "enter")
        assert deck.sent() == []
        await deck.press("e", "enter")
        await deck.opens("")
        (sent,) = deck.sent()
        assert sent["body"] == {"Action": 1}


async def test_on_production_a_start_is_still_reviewed_and_applied_with_one_letter(
    erp: RunningSimulator,
) -> None:
    async with console(erp, profile="acme", environment="production") as deck:
        await deck.workers.focus("Outlet")
        await deck.press("s")
        await deck.sees("a start does not unlock it")
        await deck.press("a")
        await deck.opens("")
        assert [entry["body"] for entry in deck.sent()] == [{"Action": 0}]


async def test_read_only_by_an_option_every_screen_refuses_writes_with_the_reason(
    erp: RunningSimulator,
) -> None:
    """By the config, key by key: `tests/test_faces.py`."""
    async with console(erp, options=RunOptions(read_only=True)) as deck:
        assert "read-only" in deck.lines()[0]
        screens = ((deck.workers, "ex"), (deck.extensions, "n"), (deck.engine, "S"))
        for screen, keys in screens:
            await screen.show()
            for key in keys:
                await deck.press("escape", key)
                assert "profile sim is read-only:" in deck.said("notice")
                assert deck.heading() == ""
        assert deck.sent() == []


async def test_a_stop_whose_answer_is_lost_is_watched_and_sent_once(
    erp: RunningSimulator,
) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp) as deck:
        erp.fault("PUT .*/workers/=lost")
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.press("y")
        await deck.sees(
            "whether it took effect is unknown. Its status is being checked and will be shown here"
        )
        said = "applied: stop of Shop · Hauptshop: the response was lost; now off"
        await deck.until(lambda: deck.dialog_trouble() == said, "what the status says, in the review")
        await deck.press("escape")
        await deck.sees(said)
        assert len(deck.sent()) == 1
