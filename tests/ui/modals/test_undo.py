"""What this session changed is listed and taken back through the same review as any write."""

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tests.ui.test_profiles import TWO, went_to
from tui.domain.intervals import Interval
from tui.store.snapshot import Topic


def interval_of(deck: Console, channel: str) -> Interval:
    """As the list that was read last has it."""
    syncs = deck.app.session.store.snapshot(Topic.WORKERS).data or ()
    return next(one.interval for one in syncs if one.channel == channel)


async def configured(deck: Console, channel: str) -> None:
    """To 10 minutes."""
    await deck.workers.focus(channel)
    await deck.command("configure interval=10m")
    await deck.opens("Configure sync")
    await deck.press("a")
    await deck.opens("")


async def test_nothing_was_changed_yet(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("u")
        await deck.opens("Undo · changes of the last 24 hours")
        await deck.sees("nothing was changed in the last 24 hours")
        await deck.press("enter", "u")
        await deck.opens("")
        assert deck.sent() == []


async def test_d11_an_interval_goes_back_and_the_same_keys_do_not_redo_it(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("e")
        await deck.form.fill("Interval", "10m")
        await deck.form.review()
        await deck.press("a")
        await deck.opens("")
        await deck.refresh()
        await deck.press("u")
        await deck.sees("Shop · Hauptshop: Interval 10m → 5m")
        erp.clear_log()
        await deck.press("enter")
        await deck.opens("Undo configure sync · Shop · Hauptshop")
        assert deck.sent() == []
        await deck.press("a")
        await deck.opens("Undo · changes of the last 24 hours")
        await deck.sees("nothing is left to undo", "undone ", "ctrl+r: Interval 5m → 10m")
        (sent,) = deck.sent()
        assert sent["body"] == {"Interval": "00:05:00"}
        assert sent["path"].endswith(erp.worker_id("Hauptshop"))
        await deck.press("escape", "u", "enter", "a", "enter", "a", "y")
        await deck.opens("Undo · changes of the last 24 hours")
        await deck.until(lambda: "nothing is left to undo" in deck.dialog_trouble(), "why not")
        assert len(deck.sent()) == 1


async def test_an_undo_that_the_list_showed_before_its_response_came_is_not_left_unread(
    erp: RunningSimulator,
) -> None:
    """And ctrl+r waits for the list."""
    # It would have the list shown again.
    erp.fault("GET .*/info$=hang")
    async with console(erp) as deck:
        before = interval_of(deck, "Hauptshop")
        await configured(deck, "Hauptshop")
        await deck.refresh()
        await deck.press("u")
        await deck.sees("Shop · Hauptshop: Interval 10m → 5m")
        erp.hold("(POST|PUT|PATCH) .*/workers")
        await deck.press("enter")
        await deck.opens("Undo configure sync")
        await deck.press("a")
        await deck.until(lambda: interval_of(deck, "Hauptshop") == before, "the list")
        erp.hold("GET .*/workers")
        await deck.opens("Undo · changes of the last 24 hours")
        await deck.sees("the list was not read since the change")
        await deck.press("ctrl+r")
        erp.let_go()
        await deck.opens("Redo configure sync")
        await deck.press("escape")
        await deck.sees("nothing is left to undo", "ctrl+r: Interval 5m → 10m")


async def test_the_same_keys_reach_no_older_change_and_ctrl_r_redoes_one(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        for channel in ("Hauptshop", "Temu DE"):
            await configured(deck, channel)
        await deck.refresh()
        await deck.press("u")
        await deck.sees("Temu · Temu DE: Interval 10m → 5m")
        await deck.press("enter", "a")
        await deck.sees("1 change is left to undo")
        erp.clear_log()
        await deck.press("escape", "u", "enter", "a")
        await deck.sees("Temu · Temu DE: undone ", "1 change is left to undo")
        assert deck.sent() == []
        await deck.press("down", "enter")
        await deck.opens("Undo configure sync · Shop · Hauptshop")
        await deck.press("a")
        await deck.sees("nothing is left to undo")
        (sent,) = deck.sent()
        assert sent["path"].endswith(erp.worker_id("Hauptshop"))
        await deck.press("g")
        await deck.sees("Temu · Temu DE: undone ")
        assert "^r redo" in deck.keys_offered()
        await deck.press("ctrl+r")
        await deck.opens("Redo configure sync · Temu · Temu DE")
        said = await deck.read()
        assert "Redoes Configure sync of " in said
        assert "Undoes" not in said
        await deck.press("a")
        await deck.sees("1 change is left to undo", "Temu · Temu DE: Interval 10m → 5m")
        assert deck.sent()[-1]["body"] == {"Interval": "00:10:00"}


async def test_d11_an_undo_that_failed_leaves_the_change_to_be_undone(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await configured(deck, "Hauptshop")
        await deck.refresh()
        erp.fault("POST .*/workers/=status:500*1")
        await deck.press("u", "enter")
        await deck.opens("Undo configure sync")
        await deck.press("a")
        await deck.until(lambda: deck.app.session.is_sending is False and bool(deck.sent()), "an answer")
        await deck.press("escape")
        await deck.opens("Undo · changes of the last 24 hours")
        await deck.sees("Interval 10m → 5m")


async def test_a_bulk_is_one_row_that_opens_to_its_changes_and_one_of_them_is_undone_alone(
    erp: RunningSimulator,
) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp) as deck:
        await deck.workers.filter("amazon")
        await deck.press("asterisk", "x", "y")
        await deck.sees("Amazon FR · now off", "Amazon DE · now off")
        await deck.press("q", "u")
        await deck.sees("2 syncs: Amazon")
        assert deck.choices() == 1
        await deck.press("space", "down")
        await deck.until(lambda: deck.choices() == 3, "the single changes")
        # Either of them may have been sent last.
        await deck.sees("Amazon · Amazon ", ": State off → start requested")
        erp.clear_log()
        await deck.press("enter")
        await deck.opens("Undo stop sync · Amazon · Amazon")
        await deck.sees("Undoes Stop sync of ", "one of 2 done together, by: Start sync")
        await deck.press("a")
        await deck.opens("Undo · changes of the last 24 hours")
        assert [entry["body"] for entry in deck.sent()] == [{"Action": 0}]
        await deck.press("g")
        await deck.sees("1 of 2 undone · State off → start requested")
        await deck.press("space")
        await deck.until(lambda: deck.choices() == 1, "one row")
        await deck.press("enter")
        await deck.opens("Undo stop sync · 1 sync")


async def test_a_restart_is_listed_with_the_reason_and_cannot_be_opened(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("R", "y")
        await deck.opens("")
        await deck.press("u")
        await deck.sees("Shop · Hauptshop: a restart cannot be undone")
        assert "undo" not in deck.keys_offered()
        await deck.press("enter")
        assert deck.heading().startswith("Undo")


async def test_a_toggle_is_taken_back(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.extensions.filter("status:active")
        await deck.press("g", "t", "y")
        await deck.opens("")
        await deck.press("u")
        await deck.sees("Status disabled → active")
        erp.clear_log()
        await deck.press("enter")
        await deck.opens("Undo enable or disable")
        await deck.press("a")
        await deck.opens("Undo · changes of the last 24 hours")
        assert [list(entry["body"].values()) for entry in deck.sent()] == [[2]]


async def test_what_was_created_is_taken_back_by_a_deletion_that_wants_the_name(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.press("n")
        for label, text in (("ExtensionId", "new.one"), ("Version", "1"), ("ManifestHash", "ab" * 64)):
            await deck.form.fill(label, text)
        await deck.form.review()
        await deck.press("a")
        await deck.opens("")
        await deck.press("u", "enter")
        await deck.opens("Undo create extension · new.one")
        await deck.press("a", "y", "enter")
        assert [entry["method"] for entry in deck.sent()] == ["POST"]
        await deck.press("ctrl+u", *"sim", "enter")
        await deck.opens("Undo · changes of the last 24 hours")
        assert [entry["method"] for entry in deck.sent()] == ["POST", "DELETE"]
        await deck.press("g")
        await deck.sees("a deleted extension cannot be restored")


async def test_what_was_changed_on_the_base_of_a_conflict_is_taken_back_to_that(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        await deck.workers.focus("Temu DE")
        await deck.command("configure interval=10m")
        await deck.opens("Configure sync")
        erp.state(jtl={"workers": {"Temu DE": {"interval": 420}}})
        await deck.press("a")
        await deck.sees("changed since you opened this: Interval 5m → 7m. Check")
        await deck.looks()
        await deck.press("a")
        await deck.opens("")
        await deck.refresh()
        await deck.press("u")
        await deck.opens("Undo · changes of the last 24 hours")
        await deck.sees("Interval 10m → 7m")


async def test_what_was_changed_from_a_form_after_a_conflict_is_taken_back_as_well(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("e")
        await deck.opens("Configure Temu")
        await deck.form.fill("Interval", "10m")
        erp.state(jtl={"workers": {"Temu DE": {"interval": 420}}})
        await deck.form.review()
        await deck.opens("Configure sync")
        await deck.press("a")
        await deck.opens("Changed elsewhere")
        await deck.press("c")
        await deck.opens("Configure Temu")
        await deck.form.review()
        await deck.opens("Configure sync")
        await deck.press("a")
        await deck.opens("")
        await deck.refresh()
        await deck.press("u")
        await deck.opens("Undo · changes of the last 24 hours")
        await deck.sees("Interval 10m → 7m")


async def test_what_was_changed_before_another_profile_was_visited_is_still_listed(
    erp: RunningSimulator,
) -> None:
    async with console(erp, others=TWO) as deck:
        await configured(deck, "Temu DE")
        await went_to(deck, "live")
        await deck.press("u")
        await deck.opens("Undo · changes of the last 24 hours")
        await deck.sees("nothing was changed in the last 24 hours")
        await deck.press("escape")
        await deck.opens("")
        await went_to(deck, "sim")
        await deck.until(lambda: bool(deck.cursor_row()), "rows of sim")
        await deck.press("u")
        await deck.opens("Undo · changes of the last 24 hours")
        await deck.sees("Interval 10m → 5m")


async def test_on_a_low_screen_the_titles_and_the_line_under_the_cursor_stay_in_sight(
    erp: RunningSimulator,
) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp) as deck:
        await deck.press("asterisk", "x", *"sim", "enter")
        await deck.sees("now off")
        await deck.press("q", "u")
        await deck.opens("Undo ·")
        await deck.sees("State off")
        await deck.press("space")
        await deck.resize(80, 12)
        assert deck.choices() > 8
        for _ in range(deck.choices()):
            await deck.press("down")
            assert deck.choice()
            assert "At (UTC)" in deck.text()
