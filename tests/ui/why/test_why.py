"""Stories of `W`: what it says of a row, and that its next step runs through the same review as ever."""

from dataclasses import replace
from datetime import UTC, datetime

from textual.binding import Binding

from tests.drivers.console import Console, console, launch_for, started, write_config
from tests.drivers.simulator import RunningSimulator
from tests.ui.history.past import OK, Past, error, give, sync_of, typed_time
from tui.domain.history.records import Cause
from tui.domain.why.explain import RULES
from tui.simulator.jtl.world import SUSPENDED
from tui.ui.modals.why.dialog import WhyDialog
from tui.ui.widgets.fact_list import Facts

RUNBOOK = """
[[runbook]]
when = "message:401 kind:Temu"
text = "Renew the token [bold]now[/]"
url = "https://wiki.example/temu"
call = "+49 30 1234"
[[runbook]]
when = "kind:Ebay|engine"
text = "not about this one"
"""


async def why(deck: Console, channel: str) -> str:
    """Press `W` on a sync, and read all that it says."""
    await deck.workers.focus(channel)
    await deck.press("W")
    await deck.opens("Why ·")
    return await deck.read()


def labelled(deck: Console) -> list[tuple[str, str]]:
    """The lines of the dialog in front, with their labels."""
    return [(str(label), value) for label, value in deck.app.screen.query_one(Facts)._facts]


async def test_it_says_what_is_so_when_it_was_seen_and_what_to_do(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        said = await why(deck, "Temu DE")
        assert deck.heading() == "Why · Temu · Temu DE · error"
        assert "known the marketplace refuses the login of Temu DE" in said
        assert "last run: 401 from marketplace" in said
        assert "R Restart the sync" in said
        assert "worked if" in said
        times = [label for label, value in labelled(deck) if value.startswith("last run:")]
        assert datetime.strptime(times[0], "%H:%M:%S").replace(tzinfo=UTC)
        assert "R restart" in deck.keys_offered()
        assert "From your team" not in said
        await deck.press("W")
        await deck.opens("")
        assert deck.sent() == []


async def test_a_step_is_run_from_there_through_its_own_review(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await why(deck, "Outlet")
        await deck.press("x", "e")
        assert deck.heading().startswith("Why"), "only the steps that are shown have a key"
        await deck.press("s")
        await deck.opens("Start sync · Ebay · Outlet")
        assert deck.sent() == []
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert sent["path"].endswith(erp.worker_id("Outlet"))
        assert sent["body"] == {"Action": 0}


async def test_marks_do_not_widen_a_step_beyond_its_row(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("*")
        await why(deck, "Outlet")
        await deck.press("s")
        await deck.opens("Start sync · Ebay · Outlet")


async def test_on_a_read_only_profile_a_step_is_refused_where_it_stands(erp: RunningSimulator) -> None:
    async with console(erp, read_only=True) as deck:
        said = await why(deck, "Outlet")
        assert "not now: profile sim is read-only" in said
        assert "operation('worker.start')" in deck.dimmed()
        await deck.press("s")
        assert deck.dialog_trouble().startswith("Start sync: profile sim is read-only")
        assert deck.heading().startswith("Why")
        assert deck.sent() == []


async def test_it_follows_the_row_also_when_that_is_no_longer_listed(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await why(deck, "Outlet")
        sync = erp.world.jtl.syncs[erp.worker_id("Outlet")]
        sync.phase.state = SUSPENDED
        await deck.opens("Why · Ebay · Outlet · suspended")
        await deck.sees("the JTL-Worker does not run this sync")
        sync.listed = sync.reported = False
        erp.world.jtl.trees.clear()
        await deck.opens("Why · Ebay · Outlet · not listed")
        assert "s start" not in deck.keys_offered()


async def test_details_say_why_in_their_third_line_and_ask_for_more(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Outlet")
        await deck.press("enter")
        await deck.opens("Ebay · Outlet")
        assert labelled(deck)[2] == ("Why", "its account or shop is locked in JTL-Wawi")
        await deck.press("W")
        await deck.opens("Why · Ebay · Outlet")
        await deck.press("escape")
        await deck.opens("Ebay · Outlet")
        await deck.press("W", "s")
        await deck.opens("Start sync · Ebay · Outlet")
        await deck.press("escape")
        await deck.opens("")


async def test_details_of_a_healthy_row_have_no_such_line(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("enter")
        await deck.opens("Hauptshop")
        assert "Why" not in dict(labelled(deck))
        await deck.press("W")
        await deck.sees("the last run succeeded")


async def test_the_engine_says_it_in_its_panel_and_its_step_is_its_own(erp: RunningSimulator) -> None:
    erp.state(superoffice={"running": False})
    async with console(erp) as deck:
        await deck.engine.show()
        await deck.sees("Why the engine is stopped")
        await deck.press("W")
        await deck.opens("Why · ErpSync engine · stopped")
        await deck.press("s")
        await deck.opens("Start engine")
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert sent["path"].endswith("ChangeEngineStatus")


async def test_the_result_of_a_test_is_seen_in_its_row(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.connections.show()
        await deck.connections.focus("Business Central AT")
        await deck.press("W")
        await deck.opens("Why · Business Central AT · inactive")
        await deck.press("T")
        await deck.opens("")
        await deck.until(lambda: "passed" in deck.cursor_row(), "result of the test")
        await deck.press("W", "t")
        await deck.opens("Activate or deactivate · Business Central AT")


async def test_a_refresh_is_requested_in_place(erp: RunningSimulator) -> None:
    """The dialog goes on to follow what is read."""
    erp.world.jtl.syncs[erp.worker_id("Hauptshop")].reported = False
    async with console(erp) as deck:
        await why(deck, "Hauptshop")
        await deck.press("r")
        assert deck.heading().startswith("Why · Shop · Hauptshop")
        await deck.until(lambda: deck.dialog_trouble() == "", "dialog that follows")
        erp.world.jtl.syncs[erp.worker_id("Hauptshop")].reported = True
        await deck.opens("Why · Shop · Hauptshop · ok")


async def test_while_looking_back_it_explains_that_time_and_refuses_to_write(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        past, shop = Past(datetime.now(UTC)).polled(600), sync_of(deck, "Hauptshop")
        past.was(shop, 600, OK, Cause.KEYFRAME).was(shop, 300, error("disk full")).was(shop, 60, OK)
        await give(deck, past.records)
        await typed_time(deck, "2h")
        await deck.sees("LOOKING AT")
        said = await why(deck, "Hauptshop")
        assert "LOOKING AT" in deck.heading()
        assert "the last run failed: disk full" in said
        await deck.press("R")
        assert deck.heading().startswith("Why")
        assert "Restart sync:" in deck.dialog_trouble()
        assert deck.sent() == []


async def test_without_a_change_there_is_nothing_to_explain(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("5", "W")
        assert deck.tab() == "Activity"
        await deck.sees("there is no row under the cursor")
        assert deck.heading() == ""


async def test_runbooks_stand_below_ours_as_the_team_s(erp: RunningSimulator) -> None:
    path = write_config(erp)
    path.write_text(path.read_text() + RUNBOOK)
    async with started(launch_for(path), erp) as deck:
        await deck.until(lambda: deck.chip() == "live", "live data")
        said = await why(deck, "Temu DE")
        assert "the marketplace refuses" in said.partition("From your team")[0]
        facts = labelled(deck)
        assert facts[facts.index(("From your team", "")) + 1 :] == [
            ("do", "Renew the token [bold]now[/]"),
            ("read", "https://wiki.example/temu"),
            ("call", "+49 30 1234"),
        ]
        assert "Renew the token [bold]now[/]" in said
        assert "not about this one" not in said
        await deck.press("escape")
        assert "From your team" not in await why(deck, "Hauptshop")


async def test_with_a_history_it_says_since_when(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        past, temu = Past(datetime.now(UTC)).polled(600), sync_of(deck, "Temu DE")
        past.was(temu, 600, OK, Cause.KEYFRAME).was(temu, 90, error("401 from marketplace"))
        await give(deck, past.records)
        await why(deck, "Temu DE")
        await deck.sees(f"since {past.at(90):%H:%M}")


async def test_a_list_that_cannot_be_read_is_explained_as_a_whole(erp: RunningSimulator) -> None:
    erp.fault("GET.*/workers=status:401")
    async with console(erp, waits=False) as deck:
        await deck.until(lambda: "no data" in deck.chip(), "chip without data")
        await deck.press("W")
        await deck.opens("Why · JTL-Wawi")
        await deck.sees("known")


def test_every_step_of_a_rule_has_a_key_of_its_own_in_the_dialog() -> None:
    bound: dict[str, list[str]] = {}
    for one in WhyDialog.BINDINGS:
        assert isinstance(one, Binding)
        for key in one.key.split(","):
            bound.setdefault(key, []).append(one.action)
    steps = {step.operation for rule in RULES for step in rule.steps if step.operation}
    assert "worker.start" in steps
    for operation in steps:
        action = f"operation('{operation}')"
        keys = [key for key, actions in bound.items() if action in actions]
        assert keys, operation
        assert all(one.startswith("operation(") for key in keys for one in bound[key]), operation


async def test_it_is_found_in_help_palette_and_by_name(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Outlet")
        await deck.command("why")
        await deck.opens("Why · Ebay · Outlet")
        await deck.press("escape", "question_mark")
        await deck.opens("Help")
        assert "W Show why this is as it is, and what to do." in await deck.read()
        await deck.press("escape", "ctrl+p")
        await deck.opens("Palette")
        await deck.type("why")
        await deck.press("enter")
        await deck.opens("Why · Ebay · Outlet")


async def test_what_it_says_can_be_copied_with_profile_and_time(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await why(deck, "Temu DE")
        await deck.press("y")
        copied = deck.app._clipboard
        assert copied.startswith("Why · Temu · Temu DE · error · sim · 20")
        assert "the marketplace refuses the login" in copied


async def test_it_explains_the_target_of_a_change_in_activity(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("R")
        await deck.opens("Restart sync")
        await deck.press("y")
        await deck.opens("")
        await deck.press("5")
        await deck.until(lambda: "Temu DE" in deck.cursor_row(), "the change")
        erp.clear_log()
        await deck.press("W")
        await deck.opens("Why · Temu · Temu DE")
        assert "the marketplace refuses the login of Temu DE" in await deck.read()
        assert "s start" not in deck.keys_offered(), "that acts on a row of another list"
        await deck.press("R")
        assert deck.heading().startswith("Why"), deck.heading()
        assert deck.sent() == []


async def test_it_explains_the_connection_of_a_change_in_the_log(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.log.show()
        await deck.sees("200 changes")
        newest = erp.world.so.log.rows[-1]
        await deck.press("W")
        await deck.opens(f"Why · {erp.world.so.connections[newest.connection].name}")


async def test_where_a_change_names_nothing_that_is_listed_that_is_said(erp: RunningSimulator) -> None:
    erp.world.so.log.rows[-1] = replace(erp.world.so.log.rows[-1], connection=77)
    async with console(erp) as deck:
        await deck.log.show()
        await deck.sees("200 changes")
        await deck.press("W")
        await deck.sees("its connection is not listed")
