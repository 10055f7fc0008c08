"""What a maintenance is opened on: the marks of all lists, filters of the command line, the engine too;
and that `M` shows first what these belong to."""

from tests.drivers.console import Console
from tests.drivers.simulator import RunningSimulator
from tests.ui.lists.test_marks import mark, marked
from tests.ui.maintenance.sets import AMAZON, console, fill, left_off, only_one
from tests.ui.maintenance.test_closing import LOCKED, RUNNING, states
from tests.ui.modals.test_bulk import targets
from tui.domain.maintenance.records import MemberKind

OPEN_LIST = "Maintenance · what is open"


async def also_the_engine(deck: Console) -> None:
    await deck.press("tab", "tab", "tab", "right")


async def test_marks_of_all_lists_and_the_engine_are_stopped_together(erp: RunningSimulator) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp, size=(120, 40)) as deck:
        await mark(deck, *AMAZON)
        await deck.press("4")
        await deck.sees("Visma.net NO")
        await deck.press("g", "space", "M")
        await deck.opens("Maintenance: stop a set")
        await deck.sees("Stops: 3")
        await also_the_engine(deck)
        await deck.sees("Stops: 4")
        await fill(deck)
        await deck.opens("4 targets")
        await deck.press("y")
        await deck.sees("4 of 4 targets off")
        paths = [entry["path"].rpartition("/")[2] for entry in deck.sent()]
        assert "ChangeEngineStatus" in paths[0]
        assert "ToggleErpConnectionActive" in paths[1]
        assert len(paths) == 4
        await deck.press("escape", "1")
        assert marked(deck) == []
    kinds = [one.kind for one in only_one().off]
    assert kinds == [MemberKind.ENGINE, MemberKind.CONNECTION, MemberKind.SYNC, MemberKind.SYNC]


async def test_the_command_line_opens_the_form_with_filters_and_the_engine(
    erp: RunningSimulator,
) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp) as deck:
        await deck.command('maintenance name:"nothing like')
        await deck.sees('a " is not closed')
        await deck.press("escape")
        await deck.command("maintenance channel:Amazon name:'x colour:red")
        await deck.sees("colour")
        await deck.press("escape")
        await deck.command('maintenance channel:Amazon name:"Temu DE" engine')
        await deck.opens("Maintenance: stop a set")
        await deck.sees("Stops: 4")
        await fill(deck)
        await deck.opens("4 targets")
        await deck.press("y")
        await deck.sees("4 of 4 targets off")
        assert "ChangeEngineStatus" in deck.sent()[0]["path"]
        assert targets(erp, deck.sent()[1:]) == sorted([*AMAZON, "Temu DE"])


async def test_marked_rows_of_an_open_one_lead_to_it_and_others_to_the_form(
    erp: RunningSimulator,
) -> None:
    left_off(erp, AMAZON)
    async with console(erp) as deck:
        await deck.sees("maintenance nightly · 2 off")
        await mark(deck, "Amazon FR")
        await deck.press("M")
        await deck.opens(OPEN_LIST)
        await deck.press("escape")
        await mark(deck, "Hauptshop")
        await deck.press("M")
        await deck.opens("Maintenance: stop a set")
        await deck.sees("Stops: 1", "Shop · Hauptshop", "Left as it is: 1")


async def test_m_on_the_result_leads_to_the_rest(erp: RunningSimulator) -> None:
    left_off(erp, AMAZON)
    states(erp, Amazon_FR=LOCKED, Hauptshop=RUNNING)
    async with console(erp) as deck:
        await deck.sees("maintenance nightly")
        await deck.press("M")
        await deck.opens(OPEN_LIST)
        await deck.press("enter")
        await deck.opens("Close maintenance nightly")
        await deck.press("a")
        await deck.sees("M closes the rest")
        await deck.press("M")
        await deck.opens(OPEN_LIST)
        await deck.press("enter")
        await deck.opens("Close maintenance nightly")
        assert "Not started, stays in the maintenance: 1" in await deck.read()
