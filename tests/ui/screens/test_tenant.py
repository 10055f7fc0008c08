"""The Online tenant: its state in words, its move followed, and nothing of it said on site."""

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.simulator.superoffice.tenant import MOVED_TO


async def engine(deck: Console) -> None:
    await deck.press("3")
    await deck.sees("Observed since")


async def test_the_engine_screen_says_who_and_where_the_tenant_is_and_as_of_when(
    erp: RunningSimulator,
) -> None:
    async with console(erp, online=True) as deck:
        await engine(deck)
        await deck.sees(
            "State ✔ running", f"Tenant Cust12345 · running · 127.0.0.1:{erp.port} · state of"
        )
        assert deck.chip() == "live"
        assert deck.said("trouble") == ""


async def test_a_suspended_tenant_is_said_to_be_that_and_recovers_at_r(erp: RunningSimulator) -> None:
    async with console(erp, online=True) as deck:
        await engine(deck)
        erp.state(superoffice={"tenant_state": "Suspended"})
        await deck.refresh()
        assert "suspended: the APIs of tenant Cust12345" in deck.chip()
        assert "suspended" in deck.lines()[0]
        assert deck.is_dimmed()
        trouble = deck.said("trouble")
        assert "engine: suspended: the APIs of tenant Cust12345 are off (state of " in trouble
        assert "checked again every 60s, r checks now" in trouble
        await deck.sees("State ? unknown now; last known: running", "Cust12345 · suspended")
        await deck.press("4")
        assert "connections: suspended: the APIs of tenant Cust12345 are off" in deck.said("trouble")
        erp.clear_log()
        await deck.refresh()
        assert erp.received("POST", "Agents") == []
        erp.state(superoffice={"tenant_state": "Running"})
        await deck.refresh()
        await deck.until(lambda: deck.chip() == "live", "live chip")
        assert deck.said("trouble") == ""
        await deck.press("3")
        await deck.sees("Cust12345 · running")


async def test_a_tenant_that_was_never_running_leaves_the_engine_unknown(erp: RunningSimulator) -> None:
    erp.state(superoffice={"tenant_state": "OfflineMaintenance"})
    async with console(erp, online=True) as deck:
        await deck.press("3")
        await deck.until(lambda: deck.chip().startswith("no data"), "chip without data")
        await deck.sees("State unknown", "Tenant Cust12345 · offline maintenance")
        assert "offline maintenance: the APIs" in deck.said("trouble")
        assert erp.received("POST", "Agents") == []


async def test_online_maintenance_still_shows_live_data_and_says_so(erp: RunningSimulator) -> None:
    erp.state(superoffice={"tenant_state": "OnlineMaintenance"})
    async with console(erp, online=True) as deck:
        await engine(deck)
        await deck.sees("State ✔ running", "Tenant Cust12345 · online maintenance")
        assert deck.chip() == "live"
        assert not deck.is_dimmed()
        assert "online maintenance: tenant Cust12345 still serves" in deck.said("trouble")
        await deck.press("1")
        assert deck.said("trouble") == ""


async def test_a_move_is_followed_without_a_word_of_failure(erp: RunningSimulator) -> None:
    async with console(erp, online=True) as deck:
        await engine(deck)
        erp.state(superoffice={"moved": True, "message": "Synchronising Visma"})
        await deck.refresh()
        await deck.sees("Message Synchronising Visma")
        assert deck.chip() == "live"
        assert deck.said("trouble") == ""
        statuses = [entry["status"] for entry in erp.received("POST", "GetEngineStatus")]
        assert statuses[-2:] == [421, 200]
        assert MOVED_TO in erp.received("POST", "GetEngineStatus")[-1]["path"]


async def resync(deck: Console) -> None:
    await engine(deck)
    await deck.press("f")
    await deck.opens("Forced resync")
    await deck.form.fill("Source", "1")
    await deck.form.fill("Keys", "670")
    await deck.form.review()
    await deck.opens("Forced resync ·")
    await deck.press(*"sim", "enter")


async def test_d7_a_move_since_the_review_is_shown_and_wants_to_be_confirmed(
    erp: RunningSimulator,
) -> None:
    async with console(erp, online=True) as deck:
        erp.state(superoffice={"moved": True})
        await resync(deck)
        await deck.sees(
            f"the request now goes to {erp.url}/{MOVED_TO}, not to", "Check and confirm again"
        )
        assert deck.sent() == []
        await deck.type("sim")
        await deck.press("enter")
        await deck.opens("the server's response")
        (sent,) = deck.sent()
        assert sent["path"] == f"/{MOVED_TO}/api/v1/Agents/ErpSync/ForceResyncNoBlankValues"
        assert sent["body"] == {"ErpConnectionId": 1, "InternalKeyIds": [670]}


async def test_a_resync_that_met_a_move_was_refused_and_is_not_sent_again_by_itself(
    erp: RunningSimulator,
) -> None:
    async with console(erp, online=True) as deck:
        erp.fault("POST .*/ForceResync=421*1")
        await resync(deck)
        await deck.sees("is not served at 127.0.0.1", "still places it", "nothing was changed")
        assert [entry["status"] for entry in deck.sent()] == [421]


async def test_on_site_no_word_is_said_of_a_tenant(erp: RunningSimulator) -> None:
    erp.state(superoffice={"tenant_state": "OnlineMaintenance"})
    async with console(erp) as deck:
        await engine(deck)
        assert "tenant" not in deck.text().lower()
        assert erp.received("GET", "/api/state") == []
