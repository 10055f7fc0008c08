"""What is marked is changed together: seen first, each target once, stoppable, retried alone."""

import errno
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tests.ui.lists.test_marks import mark
from tests.ui.test_profiles import TWO, went_to
from tui.ops.audit import file_trail as audit
from tui.store.snapshot import Topic
from tui.ui.modals.review.bulk_progress import BulkProgressDialog
from tui.ui.modals.review.in_sight import NOT_SEEN, OF_MANY
from tui.ui.widgets.fact_list import Facts

THREE = ("Hauptshop", "Amazon FR", "Temu DE")


def targets(erp: RunningSimulator, sent: list[dict[str, Any]]) -> list[str]:
    """The channels that requests went to, sorted."""
    channels = {one.id: one.channel for one in erp.world.jtl.syncs.values()}
    return sorted(channels[entry["path"].rpartition("/")[2]] for entry in sent)


async def stop_three(deck: Console, last: str = "y") -> None:
    await mark(deck, *THREE)
    await deck.press("x")
    await deck.opens("Stop sync · 3 syncs")
    await deck.press(last)


async def test_the_review_names_every_target_each_is_stopped_once_and_watched(
    erp: RunningSimulator,
) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp) as deck:
        await stop_three(deck, "enter")
        assert deck.sent() == []
        await deck.press("x")
        said = await deck.read()
        for name in ("Shop · Hauptshop", "Amazon · Amazon FR", "Temu · Temu DE"):
            assert f"{name} " in said
        assert "even after a restart of the JTL-Worker" in said
        assert "and 2 more like it, each to its own target" in said
        await deck.press("escape")
        assert "3 marked" in deck.said("status")
        assert deck.sent() == []
        await deck.press("x")
        await deck.opens("Stop sync · 3 syncs")
        await deck.press("y")
        await deck.sees("3 of 3", "Shop · Hauptshop · now off", "Temu · Temu DE · now off")
        assert targets(erp, deck.sent()) == sorted(THREE)
        assert [entry["body"] for entry in deck.sent()] == [{"Action": 1}] * 3
        await deck.press("q")
        await deck.sees("Stop sync · 3 syncs: 3 applied · 3 now off")
        assert "marked" not in deck.said("status")


async def test_a_failure_stays_marked_and_is_retried_alone_through_the_review(
    erp: RunningSimulator,
) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp) as deck:
        erp.fault(f"PUT .*/{erp.worker_id('Amazon FR')}=status:500*1")
        await stop_three(deck)
        await deck.sees("3 of 3 · 1 failed", "✖ failed Amazon · Amazon FR", "r retry failed")
        assert targets(erp, deck.sent()) == sorted(THREE)
        erp.clear_log()
        await deck.press("r")
        await deck.opens("Stop sync · 1 sync")
        assert deck.sent() == []
        await deck.press("y")
        await deck.sees("1 of 1", "Amazon · Amazon FR · now off")
        assert targets(erp, deck.sent()) == ["Amazon FR"]
        await deck.press("q")
        assert "marked" not in deck.said("status")


async def test_what_failed_is_red_and_still_marked_when_the_results_are_left(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        erp.fault(f"PUT .*/{erp.worker_id('Amazon FR')}=status:500")
        await stop_three(deck)
        await deck.sees("3 of 3 · 1 failed", "✖ failed Amazon · Amazon FR")
        red = deck.theme_colour("error")
        assert deck.colour_of("✖ failed") == red
        assert deck.colour_of("→ accepted") != red
        await deck.press("q")
        await deck.sees("Stop sync · 3 syncs: 2 accepted, 1 failed", "1 marked")


async def test_more_than_ten_want_the_profile_s_name(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("asterisk", "R")
        await deck.opens("Restart sync · 12 syncs")
        await deck.press("y", "a", "enter")
        await deck.sees("type sim and press enter", "that is not the profile's name")
        assert deck.sent() == []
        await deck.press("ctrl+u", *"sim", "enter")
        await deck.until(lambda: len(deck.sent()) == 12, "12 requests")


async def test_esc_in_the_middle_leaves_the_rest_unsent(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        erp.fault("PUT .*/workers/=hang")
        await deck.press("asterisk", "R")
        await deck.press(*"sim", "enter")
        await deck.until(lambda: len(deck.sent()) == 4, "4 requests on their way")
        await deck.press("escape")
        await deck.sees("0 of 12 · stopped: requests under way will finish")
        await deck.press("escape")
        await deck.opens("")
        await deck.press("ctrl+q")
        assert "sending: Restart sync · 12 syncs. Press again to quit" in deck.said("notice")
        assert len(deck.sent()) == 4


async def test_what_was_left_running_is_told_in_one_sentence(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        erp.hold("PUT .*/workers/")
        await stop_three(deck)
        await deck.press("q")
        await deck.opens("")
        erp.let_go()
        await deck.sees("Stop sync · 3 syncs: 3 accepted")
        assert targets(erp, deck.sent()) == sorted(THREE)


async def test_a_refusal_that_would_hit_all_leaves_the_rest_unsent(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        erp.fault("PUT .*/workers/=forbidden")
        await deck.press("asterisk", "R")
        await deck.press(*"sim", "enter")
        await deck.sees("4 of 12 · 4 failed · 8 not sent · permission missing", "q back")
        assert "○ not sent Shop · Hauptshop" in await deck.read()
        assert len(deck.sent()) == 4


async def test_a_target_that_changes_meanwhile_is_shown_as_it_is_then(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await mark(deck, *THREE)
        await deck.press("x")
        await deck.opens("Stop sync · 3 syncs")
        erp.state(jtl={"workers": {"Hauptshop": {"state": 7}}})
        await deck.opens("Stop sync · 2 syncs")
        await deck.sees("changed meanwhile, shown with its current values: Shop · Hauptshop")
        await deck.press("y")
        await deck.sees("2 of 2")
        assert targets(erp, deck.sent()) == ["Amazon FR", "Temu DE"]


async def test_an_interval_goes_to_each_and_several_kinds_share_no_option(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await mark(deck, *THREE)
        await deck.press("e")
        await deck.opens("Configure 3 syncs")
        assert deck.form.labels() == ["Interval"]
        await deck.sees("syncs of several kinds are marked")
        await deck.form.review()
        await deck.sees("nothing to send")
        await deck.form.fill("Interval", "20m")
        await deck.form.review()
        await deck.opens("Configure sync · 3 syncs")
        await deck.sees("5m → 20m")
        await deck.press("a")
        await deck.sees("3 of 3")
        assert targets(erp, deck.sent()) == sorted(THREE)
        assert [entry["body"] for entry in deck.sent()] == [{"Interval": "00:20:00"}] * 3


async def test_an_option_is_sent_once_for_its_kind(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.filter("amazon")
        await deck.press("asterisk", "e")
        await deck.opens("Configure 2 syncs")
        await deck.form.fill("Interval", "20m")
        await deck.form.fill("Option", "Days")
        await deck.sees("int, now 14")
        await deck.form.review()
        assert deck.form.error_at("Value").startswith("write the option")
        await deck.form.fill("Value", "many")
        await deck.form.review()
        assert "not a whole number" in deck.form.error_at("Value")
        await deck.form.fill("Value", "30")
        await deck.form.review()
        await deck.opens("Configure sync · 2 syncs")
        assert "it is sent once, with Amazon ·" in await deck.read()
        await deck.press("a")
        await deck.sees("2 of 2")
        bodies = [entry["body"] for entry in deck.sent()]
        assert [body["Interval"] for body in bodies] == ["00:20:00", "00:20:00"]
        assert ["Configs" in body for body in bodies] == [False, True]


async def test_marked_extensions_are_disabled_together_and_mixed_ones_are_not_guessed_at(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.press("asterisk", "t")
        assert "of the marked are active" in deck.said("notice")
        assert "narrow the marks, or use :toggle status=disabled" in deck.said("notice")
        await deck.press("minus")
        await deck.extensions.filter("status:active")
        await deck.press("g", "space", "space", "t")
        await deck.opens("Enable or disable · 2 extensions")
        await deck.sees("active → disabled")
        await deck.press("y")
        await deck.sees("2 of 2")
        assert [entry["method"] for entry in deck.sent()] == ["PATCH", "PATCH"]
        assert len({entry["path"] for entry in deck.sent()}) == 2


async def test_a_run_ends_with_its_profile_and_is_told_with_its_name(erp: RunningSimulator) -> None:
    async with console(erp, others=TWO) as deck:
        erp.hold("PUT .*/workers/")
        await deck.press("asterisk", "R")
        await deck.press(*"sim", "enter")
        await deck.until(lambda: len(deck.sent()) == 4, "4 requests on their way")
        await deck.press("q")
        await deck.opens("")
        await went_to(deck, "live")
        erp.let_go()
        await deck.sees("profile sim: Restart sync · 12 syncs: 4 accepted, 8 not sent")
        assert "another profile was chosen" in deck.said("notice")
        assert len(deck.sent()) == 4


def elsewhere(erp: RunningSimulator, status: int, *extensions: Any) -> None:
    for one in extensions:
        one.status = status


async def test_extensions_that_were_changed_elsewhere_are_not_turned_round(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"extensions": 1}) as deck:
        names = ("de.muster.bundle-planer-2", "de.muster.belegarchiv-3")
        chosen = [one for one in erp.world.jtl.extensions.values() if one.extension_id in names]
        await deck.extensions.show()
        await mark(deck, *names)
        await deck.press("t")
        await deck.opens("Enable or disable · 2 extensions")
        assert "a apply" in deck.keys_offered()
        elsewhere(erp, 2, *chosen)
        await deck.sees("nothing to send", "it is already active")
        await deck.press("a")
        assert deck.heading() == "Enable or disable · 2 extensions"
        assert deck.sent() == []


async def test_a_retry_wants_what_was_wanted_first(erp: RunningSimulator) -> None:
    async with console(erp, refresh={"extensions": 60}) as deck:
        chosen = [one for one in erp.world.jtl.extensions.values() if one.status == 2][:2]
        await deck.extensions.show()
        await mark(deck, *(one.extension_id for one in chosen))
        await deck.press("t")
        await deck.opens("Enable or disable · 2 extensions")
        elsewhere(erp, 0, chosen[0])
        await deck.press("y")
        await deck.sees("2 of 2 · 1 conflict")
        topic = Topic.EXTENSIONS
        await deck.until(lambda: deck.app.session.snapshot(topic).generation > 1, "the list after it")
        await deck.press("r")
        await deck.until(lambda: "it is already disabled" in deck.said("notice"), "the reason")
        assert [entry["body"] for entry in deck.sent()] == [{"Status": 0}]


async def test_a_name_that_was_typed_for_other_targets_is_void(erp: RunningSimulator) -> None:
    async with console(erp, environment="production") as deck:
        await mark(deck, *THREE)
        await deck.press("x")
        await deck.opens("Stop sync · 3 syncs")
        await deck.type("sim")
        erp.state(jtl={"workers": {"Temu DE": {"state": 2}}})
        await deck.sees("changed meanwhile")
        await deck.looks()
        await deck.press("enter")
        assert "that is not the profile's name" in deck.dialog_trouble()
        assert deck.sent() == []


async def reads_many(deck: Console) -> None:
    """Open the review of a stop of 39 syncs, and read what counts of it."""
    await deck.sees("40 syncs")
    await deck.press("asterisk", "x")
    await deck.opens("Stop sync")
    await deck.press("pagedown", "pagedown")


async def test_who_reads_the_list_of_many_keeps_the_place_and_what_counts_stays_read() -> None:
    with RunningSimulator(still=True, workers=40) as erp:
        async with console(erp) as deck:
            await reads_many(deck)
            erp.state(jtl={"workers": {"Hauptshop": {"state": 4, "text": "broke just now"}}})
            await deck.sees("changed meanwhile")
            assert "Consequence" not in deck.text()
            await deck.type("sim")
            await deck.press("enter")
            await deck.until(lambda: len(deck.sent()) > 0, "a request")


async def test_a_run_that_begins_among_many_keeps_what_was_typed() -> None:
    with RunningSimulator(still=True, workers=40) as erp:
        async with console(erp) as deck:
            await reads_many(deck)
            await deck.type("si")
            erp.state(jtl={"workers": {"Hauptshop": {"state": 2}}})
            facts = deck.app.screen.query_one(Facts)
            run = ("Shop · Hauptshop", "running → stop requested")
            await deck.until(lambda: run in facts.shown, "the run")
            assert (deck.form.typed(), "changed meanwhile" in deck.dialog_trouble()) == ("si", False)
            await deck.type("m")
            await deck.press("enter")
            await deck.sees("39 of 39")
            assert "Hauptshop" in targets(erp, deck.sent())


async def test_what_counts_of_many_has_to_be_read_again_where_it_differs() -> None:
    with RunningSimulator(still=True, workers=40) as erp:
        async with console(erp) as deck:
            await reads_many(deck)
            erp.state(jtl={"workers": {"Hauptshop": {"state": 6}}})
            await deck.sees("changed meanwhile")
            await deck.type("sim")
            assert f"{NOT_SEEN} up to see all of it{OF_MANY}" in deck.dialog_trouble()
            assert ("Consequence" in deck.text(), deck.form.typed()) == (False, "")
            await deck.press("pageup", "pageup", "pageup")
            await deck.sees("Consequence", "Shop · Hauptshop)")
            await deck.type("sim")
            await deck.press("enter")
            await deck.until(lambda: len(deck.sent()) > 0, "a request")


async def test_what_is_stopped_while_its_target_is_read_again_is_not_sent(erp: RunningSimulator) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        erp.hold("GET ")
        await stop_three(deck)
        await deck.opens("Stop sync · 3 syncs")
        await deck.press("x")
        erp.let_go()
        await deck.sees("3 of 3 · 3 not sent")
        assert deck.sent() == []


async def test_hundreds_of_targets_are_listed_to_the_last() -> None:
    with RunningSimulator(still=True, workers=260) as erp:
        async with console(erp) as deck:
            await deck.sees("260 syncs")
            await deck.loses("more is coming")
            await deck.press("asterisk", "x")
            await deck.opens("Stop sync")
            said = await deck.read()
            count = int(deck.heading().split(" · ")[1].split()[0])
            assert count > 200
            assert f"and {count - 1} more like it" in said
            assert [
                s.channel for s in erp.world.jtl.syncs.values() if f"· {s.channel} " not in said
            ] == []
            assert deck.sent() == []


async def test_t1_a_target_that_ignored_it_is_not_applied_and_stays_marked(
    erp: RunningSimulator,
) -> None:
    erp.state(jtl={"round_interval": 300})
    async with console(erp) as deck:
        await mark(deck, *THREE)
        await deck.command("configure interval=12m")
        await deck.opens("Configure sync · 3 syncs")
        await deck.press("a")
        await deck.sees("3 of 3 · 3 not applied", "✖ not applied Temu · Temu DE")
        await deck.sees("Interval: requested 12m, the server has 10m")
        assert deck.colour_of("✖ not applied") == deck.theme_colour("error")
        await deck.press("q")
        await deck.sees("Configure sync · 3 syncs: 3 not applied", "3 marked")
        assert len(deck.sent()) == 3


async def test_l9_a_lost_answer_is_the_same_word_in_results_summary_and_activity(
    erp: RunningSimulator,
) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp) as deck:
        erp.fault(f"PUT .*/{erp.worker_id('Amazon FR')}=lost")
        await stop_three(deck)
        await deck.sees("3 of 3", "✔ applied Amazon · Amazon FR · the response was lost; now off")
        assert "unknown" not in deck.text()
        await deck.press("q")
        await deck.sees("Stop sync · 3 syncs: 3 applied")
        await deck.activity.show()
        await deck.until(lambda: len(deck.rows()) == 3, "three entries")
        await deck.until(
            lambda: all(row.lstrip().startswith("✔ applied") for row in deck.rows()), "one word"
        )
        await deck.press("1", "u")
        await deck.opens("Undo")
        await deck.sees("Amazon · Amazon FR")
        assert "the change itself" not in deck.text()
        assert len(deck.sent()) == 3


async def test_t3_a_record_that_cannot_be_kept_is_said_for_every_target(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    erp.state(jtl={"control_delay": 0})
    takes_only_attempts(monkeypatch)
    async with console(erp) as deck:
        await stop_three(deck)
        await deck.sees("3 of 3", "now off · not recorded in the audit trail: No space left on device")
        await deck.press("q")
        await deck.sees("Stop sync · 3 syncs: 3 applied · 3 not recorded in the audit trail")
        assert deck.tone("notice") == "warning"


async def test_t3_a_watched_operation_says_that_it_could_not_be_recorded(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    erp.state(jtl={"control_delay": 0})
    takes_only_attempts(monkeypatch)
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.press("y")
        await deck.opens("")
        await deck.sees(
            "stop of Shop · Hauptshop: now off · not recorded in the audit trail: No space left"
        )
        assert deck.tone("notice") == "warning"


async def test_t3_a_look_that_cannot_be_recorded_is_said_though_the_outcome_is_kept(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    erp.state(jtl={"control_delay": 0})
    takes_only_attempts(monkeypatch, "outcome")
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.press("y")
        await deck.opens("")
        await deck.sees(
            "stop of Shop · Hauptshop: now off · not recorded in the audit trail: No space left"
        )


def takes_only_attempts(monkeypatch: pytest.MonkeyPatch, *more: str) -> None:
    """The disk takes plans and attempts, and records of the kinds `more`; then it is full."""
    append = audit._append

    def full(path: Path, record: Any) -> None:
        if record["record"] not in ("plan", "attempt", *more):
            raise OSError(errno.ENOSPC, "No space left on device")
        append(path, record)

    monkeypatch.setattr(audit, "_append", full)


async def test_l9_a_key_leads_from_failure_to_failure(erp: RunningSimulator) -> None:
    """A short screen: the failures are out of sight until the key leads to them."""
    erp.state(jtl={"control_delay": 0})
    async with console(erp, size=(80, 16)) as deck:
        for channel in ("Temu DE", "Hauptshop"):
            erp.fault(f"PUT .*/{erp.worker_id(channel)}=status:500*1")
        await deck.press("*", "x")
        await deck.opens("Stop sync · 11 syncs")
        await deck.read()
        await deck.type("sim")
        await deck.press("enter")
        await deck.sees("11 of 11 · 3 failed", "n next failure")
        assert "✖ failed     Shop · Hauptshop" not in deck.text()
        await deck.press("n")
        await deck.sees("1 of 3: failed · Temu · Temu DE", "✖ failed Temu · Temu DE")
        await deck.press("N")
        await deck.sees("3 of 3: failed · Shop · Hauptshop", "✖ failed Shop · Hauptshop")
        assert "✖ failed     Temu" not in deck.text()
        await deck.press("n")
        await deck.sees("1 of 3: failed · Temu · Temu DE", "✖ failed Temu · Temu DE")


async def test_results_that_are_being_closed_break_nothing_when_news_come(erp: RunningSimulator) -> None:
    """Textual removes what is in a dialog first, while its timers still run."""
    async with console(erp) as deck:
        await stop_three(deck)
        await deck.sees("3 of 3")
        closing = deck.app.screen
        assert isinstance(closing, BulkProgressDialog)
        closing.follow()
        closing.follow()
        await closing.query_one("#dialog").remove()
        closing._show_gathered()
        assert deck.app.survived == []
