"""What becomes of a write: differences are told, a lost answer is looked for, nothing is sent twice."""

import json
from pathlib import Path

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.paths import state_dir


async def apply_interval(deck: Console, text: str) -> None:
    await deck.workers.focus("Temu DE")
    await deck.press("e")
    await deck.opens("Configure Temu")
    await deck.form.fill("Interval", text)
    await deck.form.review()
    await deck.opens("Configure sync")
    await deck.press("a")


def trail() -> list[dict[str, object]]:
    lines = (state_dir() / "audit" / "sim.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


async def test_t1_an_interval_that_the_server_rounds_is_not_applied_and_noted_so(
    erp: RunningSimulator, private_places: Path
) -> None:
    erp.state(jtl={"round_interval": 300})
    async with console(erp) as deck:
        await apply_interval(deck, "12m")
        differs = "Interval: requested 12m, the server has 10m"
        await deck.sees(f"not applied: {differs}")
        said = f"Configure sync · Temu · Temu DE: not applied: {differs}"
        assert deck.said("notice").startswith(said)
        assert deck.tone("notice") == "error"
        await deck.press("escape", "escape")
        await deck.opens("")
        await deck.activity.show()
        assert "✖ not applied" in deck.cursor_row()
        assert differs[:20] in deck.cursor_row()
        await deck.press("1", "u")
        await deck.opens("Undo")
        await deck.sees("the change itself: not applied", "Interval 10m → 5m")
    assert (trail()[-2]["result"], trail()[-2]["sentence"]) == ("not applied", differs)
    assert (trail()[-1]["record"], trail()[-1]["result"]) == ("check", "not applied")


async def test_a_write_whose_answer_was_lost_is_looked_for_and_found_applied(
    erp: RunningSimulator, private_places: Path
) -> None:
    async with console(erp) as deck:
        erp.fault("POST .*/workers/=lost")
        await apply_interval(deck, "10m")
        await deck.opens("")
        await deck.sees("response lost; checked: applied")
        assert len(deck.sent()) == 1
    assert [(one["record"], one.get("result")) for one in trail()] == [
        ("attempt", None),
        ("outcome", "unknown"),
        ("check", "applied"),
    ]


async def test_a_write_that_never_arrived_stays_unknown_also_after_leaving_the_dialog(
    erp: RunningSimulator, private_places: Path
) -> None:
    async with console(erp) as deck:
        erp.fault("POST .*/workers/=reset")
        await apply_interval(deck, "10m")
        await deck.sees("sending…")
        await deck.press("escape")
        await deck.opens("")
        await deck.sees("checked: Interval is 5m, as before", "the request may still take effect")
        await deck.extensions.show()
        assert deck.said("notice") == ""
        assert len(deck.sent()) == 1
    assert (trail()[-1]["record"], trail()[-1]["result"]) == ("check", "unknown")


async def test_what_is_still_being_sent_is_said_on_every_screen(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        erp.fault("POST .*/workers/=hang")
        await apply_interval(deck, "10m")
        await deck.sees("sending…")
        await deck.press("escape")
        await deck.opens("")
        sending = "sending: Configure sync · Temu · Temu DE…"
        await deck.sees(sending)
        await deck.press("escape")
        assert deck.said("notice") == sending
        await deck.extensions.show()
        assert deck.said("notice") == sending


async def test_a_target_that_cannot_be_read_again_is_left_alone_and_can_be_tried_once_more(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        erp.fault("GET .*/workers$=forbidden")
        await apply_interval(deck, "10m")
        await deck.sees("nothing was sent: the target could not be read again")
        assert deck.sent() == []
        erp.clear_faults()
        await deck.press("a")
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_where_a_name_was_typed_the_reason_why_nothing_was_sent_stays_in_sight(
    erp: RunningSimulator,
) -> None:
    async with console(erp, profile="acme", environment="production") as deck:
        await deck.workers.focus("Hauptshop")
        erp.fault("GET .*/workers=status:503")
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.type("acme")
        await deck.press("enter")
        await deck.sees("nothing was sent: the target could not be read again")
        await deck.resize(90, 24)
        assert "could not be read again" in deck.dialog_trouble()
        erp.clear_faults()
        await deck.type("acme")
        await deck.press("enter")
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_a_name_that_was_used_is_not_requested_again_while_its_request_runs(
    erp: RunningSimulator,
) -> None:
    async with console(erp, profile="acme", environment="production") as deck:
        erp.fault("PUT .*/workers/=hang")
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.type("acme")
        await deck.press("enter")
        await deck.sees("sending")
        await deck.resize(90, 24)
        assert deck.dialog_trouble().startswith("sending")


async def test_while_the_target_is_read_again_nothing_is_said_to_be_sent(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        erp.fault("GET .*/workers=hang")
        erp.fault("PUT .*/workers/=hang")
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.press("y")
        await deck.sees("reading the target again", "not sent yet")
        assert "sending" not in deck.dialog_trouble()
        await deck.press("ctrl+q")
        await deck.sees("it is not sent yet")
        await deck.press("escape")
        await deck.opens("")
        await deck.sees("not sent yet, reading again: Stop sync · Shop · Hauptshop…")
        assert deck.sent() == []


async def test_it_is_said_to_be_sent_once_it_is(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        erp.fault("GET .*/workers=slow:2")
        erp.fault("PUT .*/workers/=hang")
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.press("y", "escape")
        await deck.opens("")
        await deck.sees("sending: Stop sync · Shop · Hauptshop…")
        assert len(deck.sent()) == 1


async def test_of_a_bulk_each_row_says_when_its_target_is_read_again_and_when_it_is_sent(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        erp.hold("GET .*/workers")
        await deck.press("asterisk", "x")
        await deck.opens("11 syncs")
        await deck.press(*"sim", "enter")
        await deck.sees("… reading again Temu")
        assert "sending" not in await deck.read()
        await deck.press("q")
        await deck.sees("not sent yet, reading again: Stop sync · 11 syncs…")
        assert deck.sent() == []
        erp.hold("PUT .*/workers/")
        await deck.sees("sending: Stop sync · 11 syncs…")
        assert deck.sent() != []
        erp.let_go()
