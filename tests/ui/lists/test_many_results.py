"""A thousand results: a change costs what it changes, not what there is (L4)."""

import pytest

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator
from tui.ops.execution.bulk_run import TargetResult
from tui.ui.modals.review import bulk_progress
from tui.ui.widgets.fact_list import Facts


def test_l4_of_many_facts_only_the_changed_ones_are_wrapped_again() -> None:
    facts = [("waiting", f"Shop {number} · nothing was received yet") for number in range(1_000)]
    widget = Facts(facts)
    # With and without a scrollbar, as every layout asks.
    before = {width: widget._lines(width) for width in (60, 59)}
    facts[7] = ("applied", "Shop 7")
    widget.show(facts)
    for width, lines in before.items():
        changed = [new for new, old in zip(widget._lines(width), lines, strict=True) if new is not old]
        assert [str(rest) for _, _, rest in changed] == ["Shop 7"]


async def test_l4_a_result_is_made_into_a_line_once_for_each_of_its_changes(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[TargetResult] = []
    shown = bulk_progress._fact

    def noting(result: TargetResult) -> tuple[str, str]:
        made.append(result)
        return shown(result)

    monkeypatch.setattr(bulk_progress, "_fact", noting)
    erp.state(jtl={"control_delay": 0})
    async with console(erp) as deck:
        await deck.press("asterisk", "x")
        await deck.opens("11 syncs")
        await deck.press(*"sim", "enter")
        await deck.sees("11 of 11", "q back")
        assert len({result.key for result in made}) == 11
    # A later poll may say the same of a target in a new result; none is made twice.
    assert len({id(result) for result in made}) == len(made)
