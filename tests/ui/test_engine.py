"""The engine: running, stopped or unknown, never inferred; a resync told in full before it is sent."""

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator


async def shown(deck: Console) -> None:
    await deck.press("3")
    await deck.sees("Observed since ")


async def test_the_engine_says_running_or_stopped_and_what_it_said(erp: RunningSimulator) -> None:
    erp.state(superoffice={"message": "Synchronising Visma"})
    async with console(erp) as deck:
        await shown(deck)
        await deck.sees("State ✔ running", "Message Synchronising Visma", "Interval 15m (00:15:00)")
        erp.state(superoffice={"running": False, "message": "Stopped by Sys"})
        await deck.refresh()
        await deck.sees("State ! stopped", "Message Stopped by Sys", "engine ! stopped")
        newest, older = deck.rows()[:2]
        assert newest.lstrip().startswith("! stopped")
        assert "Stopped by Sys" in newest
        assert older.lstrip().startswith("✔ running")
        assert newest.split()[2].count(":") == 2


@pytest.mark.parametrize("fault", ["null", "html", "message:The agent is not available", "html:502"])
async def test_an_answer_that_does_not_tell_leaves_the_engine_unknown(
    erp: RunningSimulator, fault: str
) -> None:
    erp.fault(f"GetEngineStatus={fault}")
    async with console(erp) as deck:
        await deck.press("3")
        await deck.sees("State unknown", "no answer has been received")
        assert "engine unknown" in deck.lines()[0]
        await deck.until(lambda: deck.chip().startswith("no data"), "chip without data")
        assert "engine" in deck.said("trouble")
        await deck.until(lambda: bool(deck.rows()), "observation")
        assert deck.rows()[0].lstrip().startswith("! unknown")
        assert "running" not in deck.text()
        assert "stopped" not in deck.text()


async def test_after_a_failure_the_last_answer_is_called_the_last_known_one(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await shown(deck)
        erp.fault("GetEngineStatus=null")
        await deck.refresh()
        await deck.sees("State ? unknown now; last known: running", "Last answer at")
        assert deck.rows()[0].lstrip().startswith("! unknown")
        assert deck.chip().startswith("stale")
        assert deck.said("engine") == "engine ? was running"


async def test_an_interval_that_cannot_be_read_is_shown_as_it_came(erp: RunningSimulator) -> None:
    erp.fault("GetEngineStatus=interval-text:every now and then")
    async with console(erp) as deck:
        await shown(deck)
        await deck.sees("Interval every now and then")


async def resync(deck: Console, source: str, keys: str) -> str:
    await shown(deck)
    await deck.press("f")
    await deck.opens("Forced resync")
    await deck.form.fill("Source", source)
    await deck.form.fill("Keys", keys)
    await deck.form.review()
    await deck.opens("Forced resync ·")
    return await deck.read()


async def test_keys_are_expanded_counted_and_sent_once(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        said = await resync(deck, "1", "670, 47, 100-103 670")
        assert "6 keys: 670, 47, 100, 101, 102, 103" in said
        assert "values in CRM are overwritten" in said
        assert "ErpInternalKey" not in said
        assert "type sim and press enter" in said
        await deck.press(*"sim")
        assert deck.sent() == []
        await deck.press("enter")
        await deck.opens("Forced resync: the server's answer")
        (sent,) = deck.sent()
        assert sent["path"].endswith("/api/v1/Agents/ErpSync/ForceResync")
        assert sent["body"] == {
            "ErpConnectionId": 1,
            "InternalKeyIds": [670, 47, 100, 101, 102, 103],
        }
        await deck.sees("Result went well", "updated contact 670")
        await deck.press("q")
        await deck.opens("")


async def test_no_keys_mean_everything_and_say_so(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        said = await resync(deck, "0", "")
        assert "EVERYTHING: no keys were given, the request carries []" in said
        assert "CRM is the source: values in the connected ERP systems are overwritten" in said
        await deck.press(*"sim", "enter")
        await deck.opens("the server's answer")
        (sent,) = deck.sent()
        assert sent["body"] == {"ErpConnectionId": 0, "InternalKeyIds": []}


async def test_the_number_of_keys_is_counted_while_it_is_typed(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("f")
        await deck.opens("Forced resync")
        await deck.sees("Empty means everything", "0 CRM")
        await deck.form.fill("Keys", "100-120, 7")
        await deck.sees("22 keys")
        await deck.form.fill("Keys", "1-1001")
        await deck.sees("more than 1000 keys")
        await deck.form.review()
        assert "more than 1000 keys" in deck.form.error_at("Keys")
        assert "is required" in deck.form.error_at("Source")
        assert deck.sent() == []


async def test_a_source_that_is_not_listed_is_refused_and_one_not_active_is_warned_of(
    erp: RunningSimulator,
) -> None:
    erp.state(superoffice={"connections": {"2": {"active": False}}})
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("f")
        await deck.opens("Forced resync")
        await deck.form.fill("Source", "77")
        await deck.form.review()
        await deck.sees("connection 77 is not in the list: write 0 for CRM, or one of 1, 2, 3, 4")
        await deck.form.fill("Source", "2")
        await deck.form.review()
        assert "connection 2 is not active" in await deck.read()
        assert deck.sent() == []


async def test_from_the_connections_the_source_is_the_one_under_the_cursor(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.connections.show()
        first = deck.cursor_row()
        await deck.press("f")
        await deck.opens("Forced resync")
        assert deck.form.text_of("Source") == first.split()[2]


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        ({"status": "Ok"}, "went well"),
        ({"status": "OkWithInfo"}, "went well"),
        ({"status": "Warn"}, "went well"),
        ({"status": "Error"}, "failed"),
        ({"status": "Error", "is_ok": True}, "doubtful: IsOk is true but Status is Error"),
    ],
)
async def test_the_answer_is_shown_with_its_technical_text_folded_away(
    erp: RunningSimulator, outcome: dict[str, object], result: str
) -> None:
    told = {**outcome, "explanation": "12 of 40 were done", "technical": "at ErpSync.Send()"}
    erp.state(superoffice={"outcomes": {"ForceResync": told}})
    async with console(erp) as deck:
        await resync(deck, "1", "5")
        await deck.press(*"sim", "enter")
        await deck.opens("the server's answer")
        await deck.sees(f"Result {result}", "Explanation 12 of 40 were done")
        assert "ErpSync.Send" not in deck.text()
        assert "17 characters, t shows them".replace("17", str(len("at ErpSync.Send()"))) in deck.text()
        await deck.press("t")
        await deck.sees("at ErpSync.Send()")
        await deck.press("t")
        await deck.loses("at ErpSync.Send()")
        assert len(deck.sent()) == 1


async def test_no_access_to_the_agent_says_that_it_must_be_requested(erp: RunningSimulator) -> None:
    erp.state(superoffice={"access_refused": True})
    async with console(erp) as deck:
        await deck.press("3")
        await deck.until(lambda: deck.chip().startswith("no data"), "chip without data")
        assert "request" in deck.said("trouble").lower()
