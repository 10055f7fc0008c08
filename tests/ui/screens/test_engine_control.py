"""The engine is asked to start, stop, pace and sync; what was asked is *requested* until it is seen."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.drivers.console import Console, console, wall_clock
from tests.drivers.simulator import RunningSimulator
from tests.ui.test_profiles import TWO, went_to

AGENT = "/Cust12345/api/v1/Agents/ErpSync"
FACTS = ("State", "Observed since", "Last change", "Message", "Interval", "Response at")


async def shown(deck: Console) -> None:
    await deck.press("3")
    await deck.sees("Observed since ", "Response at")


async def asked(deck: Console, key: str, heading: str, last: str = "y") -> None:
    """Press a key and take the last step of its question."""
    await deck.press(key)
    await deck.opens(heading)
    await deck.press(last)


async def holds(deck: Console, erp: RunningSimulator) -> None:
    """The batch system has taken the request, and lets it lie."""

    def is_taken() -> bool:
        return any(entry["status"] for entry in erp.received("POST", "ChangeEngineStatus"))

    await deck.until(is_taken, "request")
    erp.world.so.pending = None


@pytest.mark.parametrize(
    ("key", "title", "last", "runs", "word"),
    [("s", "Start engine", "a", True, "running"), ("x", "Stop engine", "y", False, "stopped")],
)
async def test_a_key_asks_first_and_its_last_step_sends_once(
    erp: RunningSimulator, key: str, title: str, last: str, runs: bool, word: str
) -> None:
    erp.state(superoffice={"running": not runs, "settles_in": 0})
    async with console(erp) as deck:
        await shown(deck)
        await deck.press(key)
        await deck.opens(f"{title} · ErpSync engine")
        other = {"a": "y", "y": "a"}[last]
        await deck.press(other, key)
        assert deck.heading() == f"{title} · ErpSync engine"
        assert deck.sent() == []
        await deck.press(last)
        await deck.opens("")
        (sent,) = deck.sent()
        assert (sent["method"], sent["path"]) == ("POST", f"{AGENT}/ChangeEngineStatus")
        assert sent["body"] == {"Run": runs}
        await deck.sees(f"{title.split()[0].lower()} of the ErpSync engine: now {word}")
        await deck.sees(f"engine {'✔' if runs else '!'} {word}")


async def test_a_stop_is_requested_everywhere_until_an_answer_shows_it(erp: RunningSimulator) -> None:
    erp.state(superoffice={"message": "Synchronising Visma"})
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("x")
        await deck.opens("Stop engine")
        assert "State running: Synchronising Visma → stop requested" in await deck.read()
        await deck.press("y")
        await deck.opens("")
        await holds(deck, erp)
        await deck.sees("State … stop requested; last response: running")
        assert deck.said("engine") == "engine … stop requested"
        assert "Stop engine · ErpSync engine: accepted by SuperOffice" in deck.said("notice")
        newest = deck.rows()[0]
        assert newest.lstrip().startswith("… stop requested")
        assert newest.endswith("you: accepted, no effect seen yet")
        await deck.press("1")
        assert deck.said("engine") == "engine … stop requested"
        await deck.press("3")
        erp.state(superoffice={"running": False, "message": "Stopped by Sys"})
        await deck.sees("stop of the ErpSync engine: now stopped", "State ! stopped")
        assert deck.said("engine") == "engine ! stopped every 15m"
        await deck.sees("Last change", "running → stopped")
        stopped, requested, running = (row.lstrip() for row in deck.rows())
        assert stopped.startswith("! stopped")
        assert requested.startswith("→ stop requested")
        assert requested.endswith("you: now stopped")
        assert running.startswith("✔ running")
        assert " or earlier" not in deck.text()
        assert len(deck.sent()) == 1
        await deck.activity.show()
        await deck.until(lambda: "✔ applied" in deck.cursor_row(), "what was seen")
        await deck.press("enter")
        await deck.opens("Stop engine")
        await deck.sees("Result applied stop of the ErpSync engine: now stopped")
        await deck.sees("First result accepted by SuperOffice", "HTTP status 200")


async def test_while_it_is_requested_the_engine_is_asked_faster(erp: RunningSimulator) -> None:
    async with console(erp, refresh={"engine": 60}) as deck:
        await shown(deck)
        await asked(deck, "x", "Stop engine")
        await deck.opens("")
        await holds(deck, erp)
        seen = len(erp.received("POST", "GetEngineStatus"))
        await deck.until(
            lambda: len(erp.received("POST", "GetEngineStatus")) >= seen + 2, "two more questions"
        )


async def test_a_stop_that_has_no_effect_says_so_when_its_time_is_over(erp: RunningSimulator) -> None:
    fast_from: datetime | None = None

    def clock() -> datetime:
        """Behind at first, so that a minute of it passes in seconds before it is the time."""
        now = wall_clock()
        fast = timedelta() if fast_from is None else 14 * (now - fast_from)
        return now + fast - timedelta(minutes=3)

    async with console(erp, clock=clock) as deck:
        await shown(deck)
        await asked(deck, "x", "Stop engine")
        await deck.opens("")
        await holds(deck, erp)
        await deck.sees("State … stop requested; last response: running")
        fast_from = wall_clock()
        await deck.sees("accepted, but still running after 1m", "State ✔ running")
        assert "requested" not in deck.said("engine")
        await deck.sees("you: accepted, but still running after 1m")
        assert len(deck.sent()) == 1


async def test_a_start_after_a_stop_takes_its_place(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await asked(deck, "x", "Stop engine")
        await deck.opens("")
        await holds(deck, erp)
        await deck.sees("State … stop requested")
        await asked(deck, "s", "Start engine", "a")
        await deck.sees("start of the ErpSync engine: now running", "State ✔ running")
        assert [entry["body"] for entry in deck.sent()] == [{"Run": False}, {"Run": True}]
        await deck.sees("you: overtaken", "you: now running")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("lost", "the response was lost"),
        ("message:Not available", "Unexpected response from SuperOffice: Not available"),
    ],
)
async def test_t2_a_stop_whose_answer_says_nothing_is_watched_and_sent_once(
    erp: RunningSimulator, fault: str, words: str
) -> None:
    async with console(erp) as deck:
        await shown(deck)
        erp.fault(f"ChangeEngineStatus={fault}")
        await asked(deck, "x", "Stop engine")
        await deck.sees("whether it took effect is unknown")
        await deck.press("escape")
        await deck.opens("")
        await deck.sees("… stop requested")
        erp.state(superoffice={"running": False})
        await deck.sees(f"applied: stop of the ErpSync engine: {words}")
        await deck.sees("State ! stopped", f"you: {words[:30]}")
        assert ("lost" in deck.text()) == (fault == "lost")
        await deck.activity.show()
        await deck.until(lambda: "✔ applied" in deck.cursor_row(), "what was seen")
        await deck.press("enter")
        await deck.opens("Stop engine")
        await deck.sees(f"Result applied stop of the ErpSync engine: {words}")
        assert len(deck.sent()) == 1


async def test_the_question_says_that_it_looks_after_a_lost_stop_and_then_what_it_saw(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await shown(deck)
        erp.fault("ChangeEngineStatus=lost")
        await asked(deck, "x", "Stop engine")
        await deck.sees("unknown. Its status is being checked and will be shown here")
        assert "Look at" not in deck.dialog_trouble()
        erp.state(superoffice={"running": False})
        await deck.until(lambda: "now stopped" in deck.dialog_trouble(), "what was seen")
        assert deck.heading() == "Stop engine · ErpSync engine"


async def test_a_stop_that_is_refused_is_requested_nowhere(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        for fault in ("status:500", "forbidden", "status:400"):
            erp.fault(f"ChangeEngineStatus={fault}")
            await asked(deck, "x", "Stop engine")
            await deck.until(lambda: "esc closes" not in deck.dialog_trouble(), "a reason")
            await deck.press("escape")
            await deck.opens("")
            await deck.sees("State ✔ running", "you: failed: ")
            assert "requested" not in deck.said("engine")
            erp.clear_faults()
        assert len(deck.sent()) == 3


async def test_on_production_a_stop_and_a_sync_want_the_name_of_the_profile(
    erp: RunningSimulator,
) -> None:
    async with console(erp, profile="acme", environment="production") as deck:
        await shown(deck)
        for key, heading in (("x", "Stop engine"), ("S", "Sync all"), ("F", "Force sync all")):
            await deck.press(key)
            await deck.opens(heading)
            await deck.sees("type acme and press enter")
            await deck.press("y", "enter")
            await deck.sees("that is not the profile's name: type acme")
            await deck.press("escape")
            await deck.opens("")
        assert deck.sent() == []
        await deck.press("x")
        await deck.opens("Stop engine")
        await deck.press(*"acme", "enter")
        await deck.opens("")
        assert [entry["body"] for entry in deck.sent()] == [{"Run": False}]


async def test_an_engine_that_somebody_stopped_meanwhile_is_looked_at_again_first(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"engine": 60}) as deck:
        await shown(deck)
        await deck.press("x")
        await deck.opens("Stop engine")
        erp.state(superoffice={"running": False})
        await deck.press("y")
        await deck.sees("changed since you opened this: State running → stopped")
        await deck.sees("It is already stopped.")
        assert deck.sent() == []
        await deck.press("escape")
        await deck.opens("")
        assert "requested" not in deck.rows()[0]


async def test_at_the_command_line_the_engine_need_not_be_named(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        for text in ("stop", "stop engine", "engine.stop"):
            await deck.command(text)
            await deck.opens("Stop engine · ErpSync engine")
            await deck.press("escape")
            await deck.opens("")
        await deck.command("interval interval=20m")
        await deck.opens("Engine interval · ErpSync engine")
        assert "Interval 15m → 20m" in await deck.read()
        await deck.press("escape")
        await deck.press("2")
        await deck.command("stop")
        assert deck.said("command-message") == (
            "stop is not available on this screen, but on Workers (1) or Engine (3)"
        )
        await deck.press("escape", "3")
        await deck.command("stop Visma")
        assert deck.said("command-message") == "there is one engine: write engine, not 'Visma'"
        await deck.press("escape")
        assert deck.sent() == []


# The interval.


async def paced(deck: Console, text: str) -> None:
    await deck.press("e")
    await deck.opens("Interval of the ErpSync engine")
    await deck.form.fill("Interval", text)
    await deck.form.review()


async def test_a_new_interval_is_reviewed_sent_as_a_time_span_and_read_again(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await paced(deck, "1d 2h")
        await deck.opens("Engine interval · ErpSync engine")
        said = await deck.read()
        assert "Interval 15m → 1d 2h" in said
        assert "under five minutes" not in said
        assert '"Interval": "1.02:00:00"' in said
        assert deck.sent() == []
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert (sent["method"], sent["path"]) == ("POST", f"{AGENT}/ChangeEngineInterval")
        assert sent["body"] == {"Interval": "1.02:00:00"}
        assert deck.said("notice") == "Engine interval · ErpSync engine: applied"
        await deck.sees("Interval 1d 2h (1.02:00:00)", "→ interval 1d 2h")


async def test_under_five_minutes_is_warned_of_and_what_is_ambiguous_is_refused(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await paced(deck, "5")
        assert deck.form.error_at("Interval") == "5 is ambiguous: write 5s, 5m or 5h"
        await deck.form.fill("Interval", "15m")
        await deck.form.review()
        await deck.sees("no changes, so there is nothing to send")
        await deck.form.fill("Interval", "")
        await deck.form.review()
        await deck.sees("no changes, so there is nothing to send")
        await deck.form.fill("Interval", "4m 59s")
        await deck.form.review()
        await deck.opens("Engine interval")
        assert "Warning under five minutes: SuperOffice advises against" in await deck.read()
        assert deck.sent() == []


async def test_an_interval_that_the_server_takes_otherwise_is_said(erp: RunningSimulator) -> None:
    erp.fault("GetEngineStatus=interval-text:00:12:00")
    async with console(erp) as deck:
        await shown(deck)
        await deck.sees("Interval 12m (00:12:00)")
        await paced(deck, "10m")
        await deck.opens("Engine interval")
        await deck.press("a")
        await deck.sees("not applied: Interval: requested 10m, the server has 12m")
        assert deck.said("notice").startswith(
            "Engine interval · ErpSync engine: not applied: Interval: requested 10m, the server has 12m"
        )
        assert deck.tone("notice") == "error"
        assert [entry["body"] for entry in deck.sent()] == [{"Interval": "00:10:00"}]


async def test_an_interval_that_cannot_be_read_can_be_replaced(erp: RunningSimulator) -> None:
    erp.fault("GetEngineStatus=interval-text:15 minutes")
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("e")
        await deck.opens("Interval of the ErpSync engine")
        assert deck.form.text_of("Interval") == ""
        await deck.sees("unchanged (15 minutes)")
        await deck.form.fill("Interval", "20m")
        await deck.form.review()
        await deck.opens("Engine interval")
        await deck.sees("Interval 15 minutes → 20m")
        await deck.press("a")
        await deck.sees("not applied: Interval: requested 20m, the server has 15 minutes")
        assert [entry["body"] for entry in deck.sent()] == [{"Interval": "00:20:00"}]


async def test_an_interval_whose_answer_is_lost_is_looked_for(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        erp.fault("ChangeEngineInterval=lost")
        await paced(deck, "20m")
        await deck.opens("Engine interval")
        await deck.press("a")
        await deck.opens("")
        await deck.sees("response lost; checked: applied", "Interval 20m (00:20:00)")
        assert len(deck.sent()) == 1


async def test_an_interval_that_somebody_else_changed_is_compared_and_gone_on_from(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"engine": 60}) as deck:
        await shown(deck)
        await paced(deck, "20m")
        await deck.opens("Engine interval")
        erp.state(superoffice={"interval": 1800})
        await deck.press("a")
        await deck.opens("Changed elsewhere")
        await deck.sees("15m", "30m", "20m")
        assert deck.sent() == []


async def test_what_the_server_refuses_stands_at_the_field_and_the_draft_is_kept(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await shown(deck)
        erp.fault("ChangeEngineInterval=status:400*1")
        await paced(deck, "20m")
        await deck.opens("Engine interval")
        await deck.press("a")
        await deck.sees("SuperOffice rejected the request (400)")
        await deck.press("escape")
        await deck.opens("Interval of the ErpSync engine")
        await deck.press("escape")
        await deck.opens("")
        await deck.sees("draft saved: Interval of the ErpSync engine; e opens it again")
        await deck.press("e")
        await deck.opens("Draft · Interval of the ErpSync engine")
        await deck.press("t")
        await deck.opens("Interval of the ErpSync engine")
        assert deck.form.text_of("Interval") == "20m"


async def test_start_stop_and_interval_are_taken_back_by_undo(erp: RunningSimulator) -> None:
    erp.state(superoffice={"settles_in": 0})
    async with console(erp) as deck:
        await shown(deck)
        await paced(deck, "20m")
        await deck.opens("Engine interval")
        await deck.press("a")
        await deck.opens("")
        await asked(deck, "x", "Stop engine")
        await deck.sees("now stopped")
        await deck.refresh()
        erp.clear_log()
        await deck.press("u")
        await deck.opens("Undo")
        await deck.press("enter")
        await deck.opens("Undo stop engine · ErpSync engine")
        await deck.press("a")
        await deck.until(lambda: "ErpSync engine" not in deck.heading(), "the list of undo")
        assert [entry["body"] for entry in deck.sent()] == [{"Run": True}]
        await deck.sees("Interval 20m → 15m")


# Sync all.


@pytest.mark.parametrize(
    ("key", "title", "method", "outcome", "result"),
    [
        (
            "S",
            "Sync all",
            "SyncAll",
            {"status": "Warning"},
            "Result ▲ succeeded, with a warning Status Warning",
        ),
        ("F", "Force sync all", "ForceSyncAll", {"status": "Error"}, "Result ✖ failed Status Error"),
    ],
)
async def test_a_sync_of_all_names_the_connections_and_shows_the_whole_answer(
    erp: RunningSimulator, key: str, title: str, method: str, outcome: dict[str, object], result: str
) -> None:
    erp.state(superoffice={"outcomes": {"*": {**outcome, "explanation": "12 of 40 were done"}}})
    async with console(erp) as deck:
        await shown(deck)
        await deck.press(key)
        await deck.opens(f"{title} · ErpSync engine")
        said = await deck.read()
        assert "Active 3: Business Central DE, Visma.net NO, Excel Testdaten" in said
        assert "Inactive 1: Business Central AT" in said
        assert "values on both sides may change" in said
        assert deck.sent() == []
        await deck.press("y")
        await deck.opens(f"{title}: the server's response")
        (sent,) = deck.sent()
        assert (sent["method"], sent["path"]) == ("POST", f"{AGENT}/{method}")
        assert not sent["body"]
        await deck.sees(result, "Explanation 12 of 40 were done")
        if "Error" not in result:
            await deck.sees("contact: 3 updated", "updated contact 4")
        await deck.press("q")
        await deck.opens("")
        assert deck.rows()[0].lstrip().startswith(f"→ {title.lower()}")


async def test_a_long_sync_tells_its_time_is_left_running_and_found_again(
    erp: RunningSimulator,
) -> None:
    erp.fault("ErpSync/SyncAll=slow:4")
    async with console(erp) as deck:
        await shown(deck)
        await asked(deck, "S", "Sync all")
        await deck.sees("sending, 1s (esc closes, the request continues)")
        await deck.press("escape")
        await deck.opens("")
        await deck.sees("… sync all", "you: in progress")
        await deck.press("5")
        await deck.sees("… in flight", "Sync all")
        await deck.press("3")
        await deck.sees("Sync all · ErpSync engine: accepted: Ok", "→ sync all", "enter: response")
        assert "sync all" in deck.cursor_row()
        await deck.press("enter")
        await deck.opens("Sync all: the server's response")
        await deck.sees("Result ✔ succeeded", "updated contact 4")
        await deck.press("q", "j", "enter")
        await deck.opens("ErpSync engine")
        await deck.press("q")
        assert len(deck.sent()) == 1


async def test_a_sync_whose_answer_is_lost_is_unknown_and_never_sent_again(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await shown(deck)
        erp.fault("ErpSync/SyncAll=lost")
        await asked(deck, "S", "Sync all")
        await deck.sees("whether it took effect is unknown")
        await deck.press("y", "escape")
        await deck.opens("")
        assert len(deck.sent()) == 1


# The screen.


async def test_the_screen_says_since_when_it_has_been_watching_this_profile(
    erp: RunningSimulator,
) -> None:
    begun, hour = wall_clock() - timedelta(hours=2), timedelta()

    def clock() -> datetime:
        return begun + hour

    async with console(erp, others=TWO, clock=clock) as deck:
        await shown(deck)
        await deck.sees(f"Observed since {begun:%H:%M:%S} UTC, newest first")
        await asked(deck, "s", "Start engine", "a")
        await deck.opens("")
        await deck.sees("→ start requested")
        hour = timedelta(hours=1)
        await went_to(deck, next(iter(TWO)))
        await deck.press("3")
        await deck.sees(f"Observed since {begun + hour:%H:%M:%S} UTC, newest first")
        assert "start requested" not in deck.text()


async def test_the_cursor_follows_the_newest_row_until_it_is_moved(erp: RunningSimulator) -> None:
    async with console(erp, size=(60, 15)) as deck:
        await shown(deck)

        def has_cursor(text: str) -> bool:
            return text in deck.cursor_row()

        for message in ("first", "second", "third", "fourth", "fifth"):
            erp.state(superoffice={"message": message})
            await deck.refresh()
            await deck.until(partial(has_cursor, message), "newest under the cursor")
        await deck.press("j")
        assert "fourth" in deck.cursor_row()
        erp.state(superoffice={"message": "sixth"})
        await deck.refresh()
        assert "fourth" in deck.cursor_row()


async def test_every_fact_and_the_newest_rows_fit(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        for size in ((60, 15), (80, 24), (120, 40)):
            await deck.resize(*size)
            for label in FACTS:
                assert any(line.startswith(f" {label}") for line in deck.lines()), (label, size)
            await deck.until(
                lambda: any(row.lstrip().startswith("✔ running") for row in deck.rows()[:1]), "a row"
            )
