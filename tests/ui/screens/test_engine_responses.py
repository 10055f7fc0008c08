"""Answers that tell less than they should are shown as what they are; no state is made of them.

Source: superoffice PROTOCOL §3, §11.
"""

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator

NO_STATE = ["null", "html", "message:The agent is not available"]
"""What else fails is in the matrix of faults."""


async def shown(deck: Console) -> None:
    await deck.press("3")
    await deck.sees("Observed since ", "Response at")


async def test_after_an_answer_without_a_state_it_is_unknown_and_dated(erp: RunningSimulator) -> None:
    erp.state(superoffice={"message": "Synchronising Visma"})
    async with console(erp) as deck:
        await shown(deck)
        for fault in NO_STATE:
            erp.fault(f"GetEngineStatus={fault}")
            await deck.refresh()
            await deck.sees("State ? unknown now; last known: running", "Last response")
            assert deck.said("engine") == "engine ? was running"
            assert deck.rows()[0].lstrip().startswith("! unknown")
            await deck.sees("Last change", "running → unknown")
            assert deck.chip().startswith("stale")
            assert deck.is_dimmed()
            erp.clear_faults()
            await deck.refresh()
            await deck.sees("State ✔ running", "unknown → running")


async def test_an_engine_without_a_state_can_still_be_asked_to_start(erp: RunningSimulator) -> None:
    erp.fault("GetEngineStatus=message:stopped")
    async with console(erp, waits=False) as deck:
        await deck.press("3")
        await deck.until(lambda: deck.chip().startswith("no data"), "chip without data")
        await deck.press("e")
        assert "its interval is unknown" in deck.said("notice")
        await deck.press("s")
        await deck.opens("Start engine · ErpSync engine")
        await deck.sees("State unknown: no response received → start requested")
        await deck.press("a")
        await deck.opens("")
        await deck.sees("State … start requested", "no response received yet")
        assert deck.said("engine") == "engine … start requested"
        erp.clear_faults()
        await deck.refresh()
        await deck.sees("start of the ErpSync engine: now running", "State ✔ running")
        assert [entry["body"] for entry in deck.sent() if "Engine" in entry["path"]] == [{"Run": True}]


async def test_an_interval_is_read_where_it_can_be_and_else_shown_as_it_came(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"engine": 60}) as deck:
        await shown(deck)
        for text, read in (
            ("every now and then", "Interval every now and then"),
            ("PT15M", "Interval 15m (PT15M)"),
            ("-00:15:00", "Interval -15m (-00:15:00)"),
        ):
            erp.fault(f"GetEngineStatus=interval-text:{text}")
            await deck.refresh()
            await deck.sees(read)
            erp.clear_faults()
        await deck.press("e")
        await deck.form.fill("Interval", "20m")
        await deck.form.review()
        await deck.opens("Engine interval")
        await deck.sees("Interval -15m → 20m")
        assert deck.sent() == []


async def test_a_message_makes_no_state(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        for message in ("stopped", "Engine is not running", "running: false", "error"):
            erp.state(superoffice={"running": True, "message": message})
            await deck.refresh()
            await deck.sees("State ✔ running", f"Message {message}")
            assert deck.said("engine") == "engine ✔ running every 15m"


async def test_hostile_words_of_the_engine_stay_words(erp: RunningSimulator) -> None:
    erp.fault("Engine=hostile")
    async with console(erp) as deck:
        await shown(deck)
        await deck.sees("State ✔ running", "[bold red]markup[/]")
        await deck.press("x")
        await deck.opens("Stop engine")
        assert "\x1b" not in "".join(deck.lines())


async def test_an_interval_is_not_called_applied_where_the_answer_does_not_say_so(
    erp: RunningSimulator,
) -> None:
    """Other answers, and other writes: `tests/headless/run/test_results.py`."""
    async with console(erp) as deck:
        await shown(deck)
        erp.fault("ChangeEngineInterval=message:The parameter Interval is missing.")
        await deck.press("e")
        await deck.form.fill("Interval", "20m")
        await deck.form.review()
        await deck.opens("Engine interval")
        await deck.press("a")
        await deck.until(lambda: "esc closes" not in deck.text(), "an end")
        assert "Engine interval · ErpSync engine: applied" not in deck.text()
        assert len(deck.sent()) == 1


async def test_a_sync_that_is_answered_with_nonsense_is_unknown(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        erp.fault("ErpSync/SyncAll=message:The agent is not available")
        await deck.press("S")
        await deck.opens("Sync all")
        await deck.press("y")
        await deck.until(lambda: "esc closes" not in deck.text(), "an end")
        await deck.press("escape")
        await deck.opens("")
        assert "succeeded" not in deck.text()
        assert len(deck.sent()) == 1


async def test_an_answer_that_contradicts_itself_is_doubtful(erp: RunningSimulator) -> None:
    erp.state(superoffice={"outcomes": {"SyncAll": {"status": "Error", "is_ok": True}}})
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("S")
        await deck.opens("Sync all")
        await deck.press("y")
        await deck.opens("Sync all: the server's response")
        await deck.sees("Result ? doubtful: IsOk is true but Status is Error")
