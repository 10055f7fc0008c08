"""L3: what a killed console never sent is offered at the next start, as a bulk like every other."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.console import Console, console, wall_clock
from tests.drivers.simulator import RunningSimulator
from tests.ops.audit.test_entries import NOBODY
from tests.ui.lists.test_marks import mark
from tests.ui.modals.test_bulk import targets
from tests.ui.modals.test_resync import confirm
from tests.ui.modals.test_resync_many_keys import begun, key_file
from tui.ops.audit.file_trail import FileTrail
from tui.ops.audit.plan import DECLINED
from tui.ops.execution.plan_record import OVERTAKEN
from tui.paths import state_dir, trail_path
from tui.ui.modals import unsent_rest

TWO = ("Hauptshop", "Amazon FR")


async def interrupted(
    erp: RunningSimulator,
    keys: Sequence[str],
    operation: str = "worker.stop",
    settings: tuple[str, ...] = (),
    **others: Any,
) -> None:
    """A console planned it and was killed before the first write."""
    address = f"http://127.0.0.1:{erp.port}/erp · tenant 5f2c7a10-3d0e-4c55-9a41-8f6f3c0b1d27"
    at = others.pop("at", wall_clock() - timedelta(minutes=5))
    names = [f"name of {key}" for key in keys]
    facts = {"operation": operation, "targets": [*keys], "target_names": names, "settings": [*settings]}
    await FileTrail(trail_path("sim")).plan(at, {"profile": "sim", "address": address, **facts})
    path = trail_path("sim")
    record = json.loads(path.read_text()) | {"pid": NOBODY} | others
    path.write_text(json.dumps(record) + "\n")


def syncs(erp: RunningSimulator) -> list[str]:
    return [erp.worker_id(channel) for channel in TWO]


def records() -> list[dict[str, Any]]:
    return [json.loads(line) for line in trail_path("sim").read_text().splitlines()]


async def offered(deck: Console, title: str = "Not sent · Stop sync") -> None:
    await deck.opens(title)


async def reviewed(deck: Console) -> None:
    """Ask for the review once its targets were read."""
    await deck.until(lambda: deck.chip() == "live", "the targets")
    await deck.press("r")


async def test_l3_the_rest_is_offered_reviewed_and_sent_once_confirmed(erp: RunningSimulator) -> None:
    erp.state(jtl={"control_delay": 0})
    await interrupted(erp, syncs(erp))
    async with console(erp, waits=False) as deck:
        await offered(deck)
        assert "Ended before 2 of 2 targets were sent." in await deck.read()
        await reviewed(deck)
        await deck.opens("Stop sync · 2 syncs")
        assert deck.sent() == []
        await deck.read()
        await deck.press("y")
        await deck.sees("2 of 2", "Shop · Hauptshop · now off", "Amazon · Amazon FR · now off")
        assert targets(erp, deck.sent()) == sorted(TWO)
    first, *_ = records()
    assert [one.get("resumes") for one in records() if one["record"] == "plan"] == [None, first["id"]]
    async with console(erp, waits=False) as deck:
        await deck.press("5")
        await deck.sees("Stop sync")
        assert "Not sent" not in deck.text()


async def test_l3_a_review_that_is_left_sends_nothing_and_the_offer_comes_again(
    erp: RunningSimulator,
) -> None:
    await interrupted(erp, syncs(erp))
    async with console(erp, waits=False) as deck:
        await offered(deck)
        await deck.read()
        await reviewed(deck)
        await deck.opens("Stop sync · 2 syncs")
        await deck.press("escape")
        assert deck.sent() == []
    async with console(erp, waits=False) as deck:
        await offered(deck)


async def test_l3_a_declined_rest_is_not_offered_again(erp: RunningSimulator) -> None:
    await interrupted(erp, syncs(erp))
    async with console(erp, waits=False) as deck:
        await offered(deck)
        await deck.read()
        await deck.press("d")
        await deck.until(lambda: records()[-1]["record"] == "plan-end", "end of the plan")
        assert (deck.sent(), records()[-1]["result"]) == ([], "declined")
    async with console(erp, waits=False) as deck:
        await deck.press("5")
        await deck.sees("Nothing was changed from here yet")
        assert "Not sent" not in deck.text()


async def test_an_open_offer_follows_what_is_done_elsewhere(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsent_rest, "_LOOK_EVERY", 0.1)
    await interrupted(erp, syncs(erp))
    async with console(erp, waits=False) as deck:
        await offered(deck)
        await deck.sees("review the rest")
        await FileTrail(trail_path("sim")).end_plan(records()[0]["id"], wall_clock(), DECLINED)
        await deck.sees(OVERTAKEN)
        await deck.loses("review the rest")


async def test_nothing_is_retried_of_a_rest_that_was_taken_up_elsewhere(erp: RunningSimulator) -> None:
    await interrupted(erp, syncs(erp))
    async with console(erp, waits=False) as deck:
        await offered(deck)
        await deck.read()
        await reviewed(deck)
        await deck.opens("Stop sync · 2 syncs")
        await deck.read()
        await FileTrail(trail_path("sim")).end_plan(records()[0]["id"], wall_clock(), DECLINED)
        await deck.press("y")
        await deck.sees("2 of 2", OVERTAKEN)
        assert deck.sent() == []
        assert "retry failed" not in deck.text()


async def test_l3_the_settings_come_back_and_what_needs_nothing_is_left_out(
    erp: RunningSimulator,
) -> None:
    """One of the two has the interval already: the review says so, as for every bulk."""
    await interrupted(erp, syncs(erp), "worker.configure", ("interval=45m",))
    async with console(erp, waits=False) as deck:
        await offered(deck, "Not sent · Configure sync")
        assert "interval=45m" in await deck.read()
        await reviewed(deck)
        await deck.opens("Configure sync · 2 syncs")
        assert "→ 45m" in await deck.read()


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ({"address": "https://elsewhere.example/erp"}, "it was sent to https://elsewhere.example/erp"),
        ({"host": "elsewhere"}, "whether it still runs on elsewhere"),
        ({"at": wall_clock() - timedelta(hours=25)}, "it is older than 24 hours"),
    ],
    ids=["server", "host", "age"],
)
async def test_l3_what_must_not_be_sent_blindly_is_only_said(
    erp: RunningSimulator, others: dict[str, Any], reason: str
) -> None:
    await interrupted(erp, syncs(erp), **others)
    async with console(erp, size=(120, 40)) as deck:
        await deck.sees("2 of 2 targets", "not offered again", reason)
        assert "review the rest" not in deck.text()


async def test_l3_the_rest_of_another_screen_is_reviewed_there(erp: RunningSimulator) -> None:
    three = list(erp.world.jtl.extensions)[:3]
    await interrupted(erp, three, "extension.toggle", ("status=disabled",))
    async with console(erp, waits=False) as deck:
        await offered(deck, "Not sent · Enable or disable")
        await deck.read()
        await reviewed(deck)
        await deck.until(lambda: "Profile" in deck.text() and "disabled" in deck.text(), "review")
        assert "no longer in the server's list" not in await deck.read()
        assert deck.sent() == []


async def test_keys_that_a_failure_held_back_are_in_sight_until_they_are_sent(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    """Even where the results were closed, and the console with them; no draft is needed for that."""
    state_dir().mkdir(parents=True)
    (state_dir() / "drafts").write_text("a file in the way")
    erp.fault("ForceResync=lost*1")
    async with console(erp) as deck:
        await begun(deck, key_file(tmp_path, 700))
        await deck.press("enter")
        await deck.sees("700 keys")
        await deck.form.review()
        await deck.opens("2 calls with 700 keys")
        await confirm(deck)
        await deck.sees("1 of 2 calls sent: 1 unknown · 1 not sent")
        # First, where it is in sight however long the line is.
        kept = "200 keys were not sent and are kept in "
        await deck.until(lambda: deck.said("notice").startswith(kept), kept)
        await deck.press("q", "q")
        await deck.opens("")
        await deck.until(lambda: bool(deck.app.session.bulks.unsent()), "what was not sent")
        await deck.press("f")
        await offered(deck, "Not sent · Forced resync")
        assert "Ended before 200 keys were sent." in await deck.read()
        await deck.press("escape")
        await deck.opens("Forced resync")
        await deck.press("escape")
        await deck.opens("")
        await deck.press("q")
        await deck.until(lambda: not deck.app.is_running, "the end")
    (said,) = filter(None, deck.app.last_words.values())
    assert "ended before 200 keys were sent: syncdeck run --rest " in said
    async with console(erp, waits=False) as deck:
        await offered(deck, "Not sent · Forced resync")
        await reviewed(deck)
        await deck.opens("Forced resync · 1 call with 200 keys")
        await deck.read()
        await confirm(deck)
        await deck.sees("200 of 200 keys succeeded")
        assert deck.sent()[-1]["body"]["InternalKeyIds"] == list(range(1500, 1700))
    assert list((state_dir() / "resync").iterdir()) == []
    async with console(erp, waits=False) as deck:
        await deck.press("5")
        await deck.sees("Forced resync")
        assert "Not sent" not in deck.text()


async def test_marked_rows_that_a_failure_held_back_are_offered_but_what_was_sent_since(
    erp: RunningSimulator,
) -> None:
    erp.fault("PUT .*/workers/=forbidden*4")
    async with console(erp) as deck:
        await deck.press("asterisk", "R")
        await deck.press(*"sim", "enter")
        await deck.sees("4 of 12 · 4 failed · 8 not sent")
    async with console(erp, waits=False) as deck:
        await offered(deck, "Not sent · Restart sync")
        assert "Ended before 8 of 12 targets were sent." in await deck.read()
        await reviewed(deck)
        await deck.opens("Restart sync · 8 syncs")
        await deck.press("escape")
        await deck.opens("")
        # A bulk of one of them is not that rest.
        await mark(deck, "Hauptshop")
        await deck.press("R")
        await deck.opens("Restart sync · 1 sync")
        await deck.read()
        await deck.press("y")
        await deck.sees("1 of 1")
    async with console(erp, waits=False) as deck:
        await offered(deck, "Not sent · Restart sync")
        assert "Ended before 7 of 12 targets were sent." in await deck.read()
