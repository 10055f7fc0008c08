"""The last step counts only after reading time and a pause of the keyboard (D9)."""

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.ui.messages import LineMeasured
from tui.ui.modals.review.typed_name import NOT_BY_HAND
from tui.ui.widgets.inputs import typed_by_hand

WAIT = "that was too early to count"


async def asked_to_stop(deck: Console) -> None:
    """The review of a stop, as soon as it is drawn."""
    await deck.workers.focus("Hauptshop")
    await deck.press("x")
    await deck.until(lambda: "Stop sync" in deck.heading(), "review")


@pytest.mark.parametrize("every", [0.03, 0.12])
async def test_d9_words_typed_on_a_list_start_nothing(erp: RunningSimulator, every: float) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Outlet")
        await deck.blindly(*"sales status", every=every)
        assert "Start sync" in deck.heading()
        assert WAIT in deck.text()
        assert deck.sent() == []
        await deck.press("a")
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_d9_a_key_counts_after_reading_time_and_restarts_it_before(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await asked_to_stop(deck)
        await deck.blindly("y", every=0.35)
        assert WAIT in deck.dialog_trouble()
        await deck.blindly("k", every=0.2)
        await deck.blindly("y", every=0.25)
        assert deck.sent() == []
        await deck.blindly("y", every=1.1)
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_d9_the_keyboard_must_pause_before_the_key(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await asked_to_stop(deck)
        await deck.blindly("down", every=2.0)
        await deck.blindly("y", every=0.25)
        assert WAIT in deck.dialog_trouble()
        assert deck.sent() == []


async def test_d9_the_round_trip_of_the_line_is_added(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        deck.app.post_message(LineMeasured(0.8))
        await asked_to_stop(deck)
        await deck.blindly("y", every=1.1)
        assert WAIT in deck.dialog_trouble()
        await deck.blindly("y", every=1.3)
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_d9_a_held_key_never_confirms(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await asked_to_stop(deck)
        await deck.blindly("y", every=0.1)
        # The terminal repeats it after half a second, and then thirty times a second.
        deck.wait(0.5)
        for _ in range(20):
            deck.hold("y", every=0.03)
        await deck.looks()
        assert WAIT in deck.dialog_trouble()
        assert deck.sent() == []


async def test_d9_the_same_key_pressed_once_more_counts(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await asked_to_stop(deck)
        await deck.blindly("y", every=0.1)
        await deck.blindly("y", every=0.6)
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_d9_what_changes_while_it_is_read_is_read_again(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await asked_to_stop(deck)
        deck.wait(3.0)
        erp.state(jtl={"workers": {"Hauptshop": {"state": 4, "text": "broke just now"}}})
        await deck.sees("changed since you opened this")
        await deck.blindly("y", every=0.35)
        assert "too early to count" in deck.dialog_trouble()
        assert "changed since you opened this" in deck.dialog_trouble()
        assert deck.sent() == []


@pytest.mark.parametrize("through", [(100, 30), (20, 5)])
async def test_d9_another_size_is_read_again(erp: RunningSimulator, through: tuple[int, int]) -> None:
    async with console(erp) as deck:
        await asked_to_stop(deck)
        deck.wait(3.0)
        await deck.resize(*through)
        await deck.resize(80, 24)
        await deck.blindly("y", every=0.35)
        assert WAIT in deck.dialog_trouble()
        assert deck.sent() == []


async def test_d9_a_name_begun_too_soon_does_not_count(erp: RunningSimulator) -> None:
    async with console(erp, profile="acme", environment="production") as deck:
        await asked_to_stop(deck)
        await deck.blindly(*"acme", "enter", every=0.1)
        assert deck.form.typed() == ""
        assert deck.dialog_trouble() == "that was too early to count. Read this, then type the name"
        assert deck.sent() == []
        await deck.type("acme")
        await deck.blindly("enter", every=0.09)
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_d9_a_pasted_name_never_counts(erp: RunningSimulator) -> None:
    async with console(erp, profile="acme", environment="production") as deck:
        await asked_to_stop(deck)
        await deck.looks()
        await deck.paste("acme")
        assert (deck.form.typed(), deck.dialog_trouble()) == ("", NOT_BY_HAND)
        await deck.burst("enter")
        assert deck.dialog_trouble() == NOT_BY_HAND
        deck.wait(2.0)
        await deck.burst(*"acme", "enter")
        assert (deck.form.typed(), deck.dialog_trouble()) == ("", NOT_BY_HAND)
        deck.app.copy_to_clipboard("acme")
        await deck.press("ctrl+v", "enter")
        assert deck.form.typed() == ""
        deck.wait(2.0)
        await deck.burst(*"acme")
        await deck.press("enter")
        assert (deck.form.typed(), deck.dialog_trouble()) == ("", NOT_BY_HAND)
        assert deck.sent() == []


async def test_d9_a_name_typed_across_another_size_is_typed_again(erp: RunningSimulator) -> None:
    async with console(erp, profile="acme", environment="production") as deck:
        await asked_to_stop(deck)
        await deck.looks()
        await deck.type("acm")
        await deck.resize(20, 5)
        await deck.resize(80, 24)
        await deck.type("e")
        await deck.press("enter")
        assert deck.sent() == []


async def test_d9_unlocking_wants_the_same(erp: RunningSimulator) -> None:
    async with console(erp, profile="acme", read_only=True) as deck:
        await deck.press("U")
        await deck.blindly(*"acme", "enter", every=0.08)
        assert "Unlock" in deck.heading()
        await deck.paste("acme")
        await deck.press("enter")
        assert "Unlock" in deck.heading()
        await deck.type("acme")
        await deck.press("enter")
        await deck.sees("profile acme is unlocked")


async def test_d9_what_is_discarded_by_the_same_key_again_waits_as_well(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.connections.show()
        await deck.press("w")
        await deck.opens("Priorities")
        await deck.press("J")
        await deck.blindly("q", "q", every=0.2)
        assert "Priorities" in deck.heading()
        await deck.press("q")
        await deck.opens("")


async def test_d9_a_key_that_does_not_count_yet_is_dim(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await asked_to_stop(deck)
        assert deck.dimmed() == {"confirm"}
        await deck.looks()
        assert deck.dimmed() == set()


def test_d9_what_is_faster_than_a_person_was_not_typed() -> None:
    assert typed_by_hand([0.0, 0.06, 0.12, 0.2])
    assert typed_by_hand([0.0, 0.003, 0.12, 0.2])
    assert typed_by_hand([0.0])
    assert not typed_by_hand([0.0, 0.001, 0.002, 0.5])
    assert not typed_by_hand([0.0, 0.012, 0.024, 0.036])
