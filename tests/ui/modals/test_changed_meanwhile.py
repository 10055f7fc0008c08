"""A target that changes while its review is open: said in place, and confirmed anew or not at all."""

from textual import events

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator


def break_it(erp: RunningSimulator) -> None:
    erp.state(jtl={"workers": {"Hauptshop": {"state": 4, "text": "broke just now"}}})


async def asked_to_stop(deck: Console) -> None:
    await deck.workers.focus("Hauptshop")
    await deck.press("x")
    await deck.opens("Stop sync · Shop · Hauptshop")


async def test_a_new_state_is_shown_and_a_key_from_before_it_was_drawn_confirms_nothing(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await asked_to_stop(deck)
        early = events.Key("y", "y")
        break_it(erp)
        await deck.sees(
            "changed since you opened this: State ok → error. Check and confirm again",
            "State error → stop requested",
        )
        deck.app.post_message(early)
        await deck.until(lambda: deck.app.typed.at_rest, "rest")
        assert deck.heading().startswith("Stop sync")
        assert deck.sent() == []
        await deck.press("y")
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_the_consequence_is_that_of_the_new_state(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await asked_to_stop(deck)
        erp.state(jtl={"workers": {"Hauptshop": {"state": 7}}})
        await deck.sees("State off → stop requested", "It is already off.")


async def test_a_name_that_was_typed_before_the_change_is_void(erp: RunningSimulator) -> None:
    async with console(erp, profile="acme", environment="production") as deck:
        await asked_to_stop(deck)
        await deck.type("acme")
        break_it(erp)
        await deck.sees("changed since you opened this")
        assert deck.form.typed() == ""
        await deck.press("enter")
        assert deck.sent() == []
        await deck.type("acme")
        await deck.press("enter")
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_a_target_that_is_gone_cannot_be_confirmed(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await asked_to_stop(deck)
        erp.state(jtl={"workers": {"Hauptshop": {"listed": False, "reported": False}}})
        await deck.sees("nothing can be sent: it is no longer in the server's list")
        assert "confirm" not in deck.keys_offered()
        await deck.press("y")
        assert deck.sent() == []
        erp.state(jtl={"workers": {"Hauptshop": {"listed": True, "reported": True}}})
        await deck.sees("it changed and changed back meanwhile")
        await deck.looks()
        await deck.press("y")
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_what_no_poll_has_seen_yet_is_seen_before_it_is_sent(erp: RunningSimulator) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        await asked_to_stop(deck)
        break_it(erp)
        await deck.press("y")
        await deck.sees("changed since you opened this: State ok → error", "State error → stop")
        assert deck.sent() == []
        await deck.press("y")
        await deck.opens("")
        assert len(deck.sent()) == 1


async def test_a_toggle_goes_on_from_the_new_values(erp: RunningSimulator) -> None:
    async with console(erp, refresh={"extensions": 1}) as deck:
        await deck.extensions.show()
        row = next(row for row in erp.world.jtl.extensions.values() if row.status == 2)
        await deck.extensions.focus(row.extension_id)
        await deck.press("t")
        await deck.opens("Enable or disable")
        row.version = "9.9.9"
        await deck.sees("→ 9.9.9. Check and confirm again")
        await deck.press("y")
        await deck.opens("")
        assert [one["body"] for one in deck.sent()] == [{"Status": 0}]
        assert row.status == 0


async def test_a_change_that_somebody_else_made_first_is_not_made_twice(erp: RunningSimulator) -> None:
    async with console(erp, refresh={"extensions": 1}) as deck:
        await deck.extensions.show()
        row = next(row for row in erp.world.jtl.extensions.values() if row.status == 2)
        await deck.extensions.focus(row.extension_id)
        await deck.press("t")
        await deck.opens("Enable or disable")
        row.status = 0
        await deck.sees("nothing can be sent: someone else made the same change meanwhile")
        await deck.press("y")
        assert deck.sent() == []
