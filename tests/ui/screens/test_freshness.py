"""Nothing looks live that is not: data stays, dated and dimmed, with the cause and the next step."""

from datetime import datetime, timedelta

from tests.drivers.console import console, wall_clock
from tests.drivers.simulator import RunningSimulator


async def test_a_killed_server_leaves_dated_data_and_it_recovers_by_itself(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        rows = deck.rows()
        assert not deck.is_dimmed()
        erp.stop()
        await deck.until(lambda: deck.chip().startswith("stale"), "stale chip")
        assert "refused the connection" in deck.chip()
        assert deck.rows() == rows
        assert deck.is_dimmed()
        assert "refused the connection" in deck.said("trouble")
        assert "last response" in deck.said("trouble")
        assert "Check" in deck.said("trouble")
        assert deck.heading() == ""
        erp.start()
        await deck.until(lambda: deck.chip() == "live", "live chip")
        assert not deck.is_dimmed()
        assert deck.said("trouble") == ""


async def test_a_server_that_was_never_there_gives_no_data_with_the_cause(erp: RunningSimulator) -> None:
    erp.stop()
    async with console(erp, waits=False) as deck:
        await deck.until(lambda: deck.chip().startswith("no data"), "chip without data")
        assert "nothing received yet" in deck.said("status")
        await deck.press("e")
        assert "no row" in deck.said("notice")
        erp.start()
        await deck.until(lambda: deck.chip() == "live", "live chip")
        assert "Temu DE" in deck.rows()[0]


async def test_the_age_of_stale_data_grows_by_the_clock(erp: RunningSimulator) -> None:
    ahead = timedelta(0)

    def clock() -> datetime:
        return wall_clock() + ahead

    async with console(erp, clock=clock) as deck:
        erp.fault("GET .*/workers=status:503")
        await deck.refresh()
        assert deck.chip().startswith("stale")
        ahead = timedelta(minutes=6)
        await deck.until(lambda: deck.chip().startswith("stale 5m"), "older chip")
        assert "5" in deck.chip()


async def test_the_ages_of_rows_are_true_again_at_once_after_the_machine_slept(
    erp: RunningSimulator,
) -> None:
    slept = timedelta(0)
    async with console(erp, clock=lambda: wall_clock() + slept) as deck:
        await deck.sees("47m ago")
        slept = timedelta(hours=3)
        await deck.loses("47m ago")
        assert "3h ago" in next(row for row in deck.rows() if "PayPal" in row)


async def test_t12_a_clock_that_is_set_back_makes_no_old_data_look_live(erp: RunningSimulator) -> None:
    ahead = timedelta(0)

    def clock() -> datetime:
        return wall_clock() + ahead

    async with console(erp, set_clock=clock) as deck:
        ahead = timedelta(days=1)
        await deck.press("j")
        assert deck.chip() == "live"
        ahead = timedelta(hours=-1)
        erp.fault("GET .*/workers=reset")
        await deck.until(lambda: deck.chip().startswith("stale"), "stale chip")
        await deck.press("2", "1")
        assert deck.chip().startswith("stale")


async def test_polling_is_paused_and_goes_on(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("p")
        await deck.until(lambda: deck.chip() == "paused", "paused chip")
        erp.state(jtl={"workers": {"Hauptshop": {"state": 4, "text": "it broke"}}})
        assert not deck.is_dimmed()
        await deck.press("r")
        await deck.sees("it broke")
        assert deck.chip() == "paused"
        await deck.press("p")
        await deck.until(lambda: deck.chip() == "live", "live chip")
        assert "it broke" in deck.text()


async def test_a_system_that_is_not_configured_says_how_to_add_it(erp: RunningSimulator) -> None:
    async with console(erp, systems=("jtl",), refresh={}) as deck:
        assert deck.said("engine") == ""
        await deck.press("3")
        await deck.sees("add [profiles.sim.superoffice] to the config file")
        await deck.press("f")
        assert deck.heading() == ""
        assert "does not configure" in deck.said("notice")
        assert [entry for entry in erp.log() if "Agents" in entry["path"]] == []


async def test_a_refused_login_is_told_with_what_to_check(erp: RunningSimulator) -> None:
    erp.fault("POST /oauth2/token=status:401")
    async with console(erp, waits=False) as deck:
        await deck.until(lambda: deck.chip().startswith("no data"), "chip without data")
        assert "client_id" in deck.said("trouble")
        assert erp.client_secret not in "\n".join(deck.lines())


async def test_a_refused_engine_leaves_room_on_screen_for_the_age_of_what_is_shown(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        for key in ("3", "4"):
            await deck.press(key)
            await deck.until(lambda: deck.chip() == "live", "live chip")
            for fault in ("forbidden", "expired", "null") if key == "3" else ("forbidden",):
                erp.fault(f"ErpSync={fault}")
                await deck.refresh()
                step = "or request the app's ErpSync access · last response "
                await deck.sees(f"{step}{deck.said('trouble').rpartition('last response ')[2]}")
                erp.clear_faults()
                erp.state(superoffice={"tokens_expired": False})
                await deck.refresh()
