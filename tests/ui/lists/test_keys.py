"""Keys: no key of a screen reaches through a dialog; help tells what each screen offers."""

from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.ops.operations.registry import OPERATIONS

PRINTED = {"/": "slash", "?": "question_mark", "esc": "escape"}
EVERY_KEY = sorted(
    {PRINTED.get(operation.key, operation.key) for operation in OPERATIONS.values()}
    | set("123456jkgGovtTuPqrpyO")
    | {"slash", "question_mark", "colon", "space", "enter", "ctrl+p", "home", "end"}
)
Way = Callable[[Console], Awaitable[object]]


async def configure_on_a_switch(deck: Console) -> None:
    await deck.workers.focus("Temu DE")
    await deck.press("e")
    await deck.form.go_to("Create orders")
    assert deck.form.has_switch()


async def review_of_a_configuration(deck: Console) -> None:
    await configure_on_a_switch(deck)
    await deck.press("space", "f2")
    await deck.opens("Configure sync")


async def stop(deck: Console) -> None:
    await deck.press("x")


async def details(deck: Console) -> None:
    await deck.press("enter")


async def why(deck: Console) -> None:
    await deck.workers.focus("Temu DE")
    await deck.press("W")
    await deck.opens("Why · Temu")


async def help_(deck: Console) -> None:
    await deck.press("question_mark")


async def update(deck: Console) -> None:
    await deck.extensions.show()
    await deck.press("e")


async def deletion(deck: Console) -> None:
    await deck.extensions.show()
    await deck.press("D")


async def choosing_what_to_copy(deck: Console) -> None:
    await deck.press("enter", "y")
    await deck.opens("Copy")


async def answer(deck: Console) -> None:
    await deck.press("3", "f")
    await deck.form.fill("Source", "1")
    await deck.form.fill("Keys", "670")
    await deck.press("f2")
    await deck.press(*"sim", "enter")
    await deck.opens("the server's response")


@pytest.mark.parametrize(
    "ways",
    [
        {details: "q y W", why: "q y W R", help_: "q question_mark", choosing_what_to_copy: "q y enter"},
        {stop: "y q enter", update: "", deletion: ""},
        {review_of_a_configuration: "a q enter"},
        {answer: "q"},
    ],
    ids=lambda ways: " ".join(way.__name__ for way in ways),
)
async def test_no_key_of_a_screen_reaches_through_a_dialog(
    erp: RunningSimulator, ways: dict[Way, str]
) -> None:
    async with console(erp) as deck:
        for way, own in ways.items():
            await way(deck)
            await keys_stay_in_front(deck, own)
            await deck.press("escape", "escape")
            await deck.opens("")


async def keys_stay_in_front(deck: Console, own: str) -> None:
    """All but its own keys do nothing in the dialog in front, and nothing behind it."""
    heading, sent, screen = deck.heading(), deck.sent(), deck.app.tab_screen
    assert heading
    for key in EVERY_KEY:
        if key not in own.split():
            await deck.press(key)
            assert (key, deck.heading()) == (key, heading)
    assert deck.sent() == sent
    assert deck.app.tab_screen is screen
    await deck.until(lambda: deck.chip() == "live", "live chip: no key paused the polls")
    assert deck.app.fault is None


async def test_keys_on_a_switch_change_nothing_but_the_switch(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await configure_on_a_switch(deck)
        labels = deck.form.labels()
        before = {label: deck.form.text_of(label) for label in labels}
        await keys_stay_in_front(deck, "enter space")
        assert {label: deck.form.text_of(label) for label in labels} == before
        await deck.press("space")
        assert deck.form.text_of("Create orders") == "false"
        await deck.sees("Create orders immediately", "false")


async def test_help_tells_every_operation_of_the_screen(erp: RunningSimulator) -> None:
    async with console(erp, size=(80, 50)) as deck:
        for screen in ("workers", "extensions", "engine", "connections", "activity", "log"):
            await deck.press(OPERATIONS[f"screen.{screen}"].key)
            await deck.until(partial(is_in_front, deck, screen), screen)
            offered = deck.offered()
            assert {"help", "quit", "refresh", "pause"} <= offered
            await deck.press("question_mark")
            await deck.opens(f"Help · {screen.capitalize()}")
            said = await deck.read()
            assert [one for one in offered if f"{OPERATIONS[one].key} " not in said] == []
            assert [one for one in offered if OPERATIONS[one].help not in said] == []
            await deck.press("question_mark")
            await deck.opens("")


def is_in_front(deck: Console, screen: str) -> bool:
    return deck.tab() == screen.capitalize()


async def test_help_says_what_is_refused_now_and_why(erp: RunningSimulator) -> None:
    async with console(erp, read_only=True) as deck:
        await deck.press("question_mark")
        await deck.sees("Not now e s x R: profile sim is read-only", "press U to unlock it")
        await deck.sees("Stop a sync until a user starts it again.", "the profile's name. Not now.")
        assert deck.text().count("is read-only:") == 1


async def test_what_the_profile_refuses_is_offered_after_what_works(erp: RunningSimulator) -> None:
    async with console(erp, profile="acme", environment="production", read_only=True) as deck:
        shown = deck.keys_offered()
        assert all(
            key in shown for key in ("/ filter", "U unlock", "q quit", "W why", "H what happened")
        )
        assert "x stop" not in shown
        await deck.resize(60, 15)
        assert all(key in deck.keys_offered() for key in ("/ filter", "U unlock", "q quit"))
        await deck.resize(80, 24)
        await deck.press("U")
        await deck.type("acme")
        await deck.press("enter")
        await deck.sees("is unlocked")
        assert "x stop" in deck.keys_offered()
        assert "unlock" not in deck.keys_offered()


async def test_the_footer_offers_what_works_on_what_is_focused(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        assert "e configure" in deck.keys_offered()
        assert "q quit" in deck.keys_offered()
        await deck.press("slash")
        assert "esc clear filter" in deck.keys_offered()
        await deck.press("escape", "x")
        await deck.opens("Stop sync")
        assert "y confirm" in deck.keys_offered()
        assert "configure" not in deck.keys_offered()
        await deck.press("escape")
        await deck.press("e")
        assert "F2 ^s review" in deck.keys_offered()


async def test_esc_never_quits_and_q_on_a_top_screen_does(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("escape", "escape", "escape")
        assert deck.cursor_row() != ""
        await deck.press("2")
        await deck.press("escape")
        assert deck.tab() == "Extensions"
        await deck.leaves("q")
        assert deck.app.return_code == 0


async def test_quitting_does_not_wait_for_a_server_that_hangs(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        erp.fault(".*=hang")
        await deck.press("r")
        await deck.leaves("ctrl+q")
        assert deck.app.return_code == 0
        assert deck.sent() == []
