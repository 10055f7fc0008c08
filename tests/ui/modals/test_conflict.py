"""A form whose target was changed elsewhere: three versions side by side, then on from there."""

from datetime import timedelta

from tests.drivers.console import Console, console, wall_clock
from tests.drivers.simulator import RunningSimulator
from tui.ui.modals.review.conflict import CHANGED_AGAIN


def elsewhere(erp: RunningSimulator, **changes: object) -> None:
    erp.state(jtl={"workers": {"Temu DE": changes}})


async def filled(deck: Console) -> None:
    await deck.workers.focus("Temu DE")
    await deck.press("e")
    await deck.opens("Configure Temu")
    await deck.form.fill("Interval", "10m")
    await deck.form.fill("Account", "ours")


async def refused(deck: Console) -> None:
    """Up to the three columns, by a change that no poll has seen."""
    await deck.form.review()
    await deck.opens("Configure sync")
    await deck.press("pagedown", "a")
    await deck.opens("Changed elsewhere · Temu · Temu DE")


async def test_untouched_takes_theirs_touched_keeps_yours_and_a_collision_is_marked(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        await filled(deck)
        elsewhere(erp, interval=420, options={"Stock reserve": "9"})
        await refused(deck)
        said = await deck.read()
        assert "opened now yours" in said
        assert "Interval 5m 7m 10m ✖ collision" in said
        assert "Stock reserve 2 9 not touched → server's" in said
        assert "ours" in said
        assert "One value was changed by both: yours would overwrite theirs." in said
        assert deck.sent() == []
        await deck.press("c")
        await deck.opens("Configure Temu")
        assert deck.form.text_of("Interval") == "10m"
        assert deck.form.text_of("Account") == "ours"
        assert deck.form.text_of("Stock reserve") == "9"
        await deck.form.review()
        await deck.opens("Configure sync")
        assert "Interval 7m → 10m" in await deck.read()
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert sent["body"]["Interval"] == "00:10:00"
        assert [item["Value"] for item in sent["body"]["Configs"]] == ["ours"]


async def test_esc_leads_back_to_the_form_as_it_was_and_f10_leaves_both(erp: RunningSimulator) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        await filled(deck)
        elsewhere(erp, interval=420)
        await refused(deck)
        await deck.press("escape")
        await deck.opens("Configure Temu")
        assert deck.form.text_of("Interval") == "10m"
        await deck.form.review()
        await deck.sees("c compares it with yours")
        await deck.press("c")
        await deck.opens("Changed elsewhere")
        await deck.press("f10")
        await deck.opens("")
        assert deck.sent() == []


async def test_a_change_that_a_poll_sees_during_the_review_leads_to_the_columns_by_c(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await filled(deck)
        await deck.form.review()
        await deck.opens("Configure sync")
        elsewhere(erp, interval=420)
        await deck.sees("changed elsewhere meanwhile: Interval 5m → 7m. c compares it with yours")
        assert "a apply" not in deck.keys_offered()
        await deck.press("a")
        assert deck.sent() == []
        await deck.press("c")
        await deck.opens("Changed elsewhere")
        await deck.sees("✖ collision")


async def polled(deck: Console) -> None:
    """From the review on, a poll sees what was changed elsewhere; the next one is far away."""
    await filled(deck)
    await deck.form.review()
    await deck.opens("Configure sync")
    assert deck.app.session.core is not None
    deck.app.session.core.poller.ask_again()
    await deck.sees("c compares it with yours")


async def test_the_columns_show_what_the_server_has_when_they_open(erp: RunningSimulator) -> None:
    async with console(erp, refresh={"workers": 60, "status": 60}) as deck:
        elsewhere(erp, interval=1800)
        await polled(deck)
        elsewhere(erp, interval=3600)
        await deck.press("c")
        await deck.opens("Changed elsewhere")
        assert "Interval 5m 1h 10m" in await deck.read()
        await deck.press("c")
        await deck.opens("Configure Temu")
        await deck.sees("based on the server's values, read 0s ago; F2 to review")
        await deck.form.review()
        await deck.opens("Configure sync")
        assert "Interval 1h → 10m" in await deck.read()


async def test_columns_that_cannot_be_read_now_have_an_age_and_are_not_continued_with(
    erp: RunningSimulator,
) -> None:
    ahead = timedelta()
    async with console(
        erp, refresh={"workers": 60, "status": 60}, clock=lambda: wall_clock() + ahead
    ) as deck:
        elsewhere(erp, interval=1800)
        await polled(deck)
        erp.fault(".*workers.*=status:500")
        ahead = timedelta(minutes=5)
        await deck.press("c")
        await deck.opens("Changed elsewhere")
        await deck.sees("could not be read again", "The column 'now' was read 5m ago.")
        await deck.press("c")
        await deck.until(lambda: "could not be read again" in deck.dialog_trouble(), "why it stays")
        erp.clear_faults()
        ahead = timedelta()
        await deck.press("c")
        await deck.opens("Configure Temu")
        await deck.sees("based on the server's values, read 0s ago; F2 to review")


async def test_the_age_of_the_columns_moves(erp: RunningSimulator) -> None:
    ahead = timedelta()
    async with console(erp, refresh={"workers": 60}, clock=lambda: wall_clock() + ahead) as deck:
        await filled(deck)
        elsewhere(erp, interval=1800)
        await refused(deck)
        ahead = timedelta(minutes=5)
        await deck.sees("The column 'now' was read 5m ago.")


async def changed_again(deck: Console, erp: RunningSimulator, interval: int, shown: str) -> None:
    """Another interval while the columns are read: they show it first, then the form is in front."""
    await filled(deck)
    elsewhere(erp, interval=1800)
    await refused(deck)
    elsewhere(erp, interval=interval)
    await deck.press("c")
    await deck.sees(CHANGED_AGAIN, shown)
    await deck.press("c")
    await deck.opens("Configure Temu")


async def test_what_changes_while_the_columns_are_read_is_shown_before_it_is_continued_with(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        await changed_again(deck, erp, 3600, "1h")
        await deck.form.review()
        await deck.opens("Configure sync")
        assert "Interval 1h → 10m" in await deck.read()


async def test_what_changed_back_meanwhile_is_shown_and_leaves_the_form_as_it_was(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        await changed_again(deck, erp, 300, "● yours")
        assert deck.form.text_of("Interval") == "10m"
        await deck.form.review()
        await deck.opens("Configure sync")
        assert "Interval 5m → 10m" in await deck.read()


async def test_the_same_change_made_elsewhere_leaves_nothing_to_send(erp: RunningSimulator) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("e")
        await deck.form.fill("Interval", "10m")
        elsewhere(erp, interval=600)
        await refused(deck)
        await deck.sees("= the same")
        await deck.press("c")
        await deck.opens("Configure Temu")
        await deck.form.review()
        await deck.sees("no changes, so there is nothing to send")
        assert deck.sent() == []


async def test_a_sync_that_is_gone_is_said_in_the_form_and_the_text_stays(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        await filled(deck)
        elsewhere(erp, listed=False)
        await deck.form.review()
        await deck.press("a")
        await deck.opens("Configure Temu")
        await deck.sees("nothing was sent: it is no longer in the server's list")
        assert deck.form.text_of("Account") == "ours"
        assert deck.sent() == []


async def test_an_extension_that_was_changed_elsewhere_is_compared_too(erp: RunningSimulator) -> None:
    async with console(erp, refresh={"extensions": 60}) as deck:
        await deck.extensions.show()
        row = next(iter(erp.world.jtl.extensions.values()))
        await deck.extensions.focus(row.extension_id)
        await deck.press("e")
        await deck.opens("Update")
        await deck.form.fill("Version", "7.7.7")
        row.version, row.manifest_hash = "6.6.6", "ef" * 64
        await deck.form.review()
        await deck.press("a")
        await deck.opens("Changed elsewhere")
        said = await deck.read()
        assert "6.6.6" in said
        assert "not touched" in said
        await deck.press("c")
        await deck.opens("Update")
        assert deck.form.text_of("ManifestHash") == "ef" * 64
        await deck.form.review()
        await deck.press("a")
        await deck.opens("")
        assert [one["body"] for one in deck.sent()] == [{"Version": "7.7.7"}]


async def test_nothing_of_a_long_value_is_cut(erp: RunningSimulator) -> None:
    long = " ".join(f"word{number}" for number in range(40))
    async with console(erp, refresh={"workers": 60}) as deck:
        await filled(deck)
        elsewhere(erp, options={"Account": long})
        await refused(deck)
        for size in ((80, 24), (60, 15)):
            await deck.resize(*size)
            said = await deck.read()
            assert all(f"word{number}" in said for number in range(40)), size
            assert "✖ collision" in said
            assert "c continue" in deck.keys_offered()


async def test_an_error_at_the_second_option_that_was_sent_stands_at_that_option(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("e")
        await deck.opens("Configure Temu")
        await deck.form.fill("Account", "ours")
        await deck.form.fill("Stock reserve", "99999999999")
        await deck.form.review()
        await deck.press("a")
        await deck.opens("Configure Temu")
        await deck.until(lambda: bool(deck.form.error_at("Stock reserve")), "error at the field")
        assert "not a valid int" in deck.form.error_at("Stock reserve")
        assert deck.form.text_of("Stock reserve") == "99999999999"
        assert deck.form.error_at("Account") == ""
        assert deck.form.text_of("Account") == "ours"
