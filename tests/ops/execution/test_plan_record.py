"""L3: the record of a bulk holds what was chosen for it, and no secret."""

import asyncio
from pathlib import Path

import pytest

from tests.drivers.fake_time import START
from tests.ops.commands import COMMANDS, operation_for
from tui.domain.profile import Environment, ProfileFacts, System
from tui.ops.audit.file_trail import FileTrail, MemoryTrail
from tui.ops.execution.plan_record import PlanRecord
from tui.ops.proposals.proposal import Proposal

FACTS = ProfileFacts("acme", Environment.PRODUCTION, False, frozenset(System))


@pytest.mark.parametrize(
    ("name", "text", "is_kept"),
    [
        ("interval", "45m", True),
        ("Stock reserve", "7", True),
        ("Stock reserve", "@@home", True),
        ("API password", "hunter2", False),
        ("o7", "hunter2", False),
        ("O7", "hunter2", False),
        ("keys", "@hunter2.txt", False),
        ("keys", "-", False),
        ("Stock reserve", "hunter2" * 100, False),
    ],
)
def test_l3_a_secret_a_file_and_a_long_value_are_only_named(name: str, text: str, is_kept: bool) -> None:
    trail = MemoryTrail()
    write = COMMANDS[0]
    proposals = [Proposal(operation_for(write), write, "Temu DE" * 100)] * 2
    record = PlanRecord(trail, FACTS, proposals, [(name, text)], lambda: START, secret=("o7",))

    async def story() -> list[str]:
        return [await record.begin(), await record.begin()]

    assert asyncio.run(story()) == ["", ""]
    (plan,) = trail.records
    assert plan.get("settings", ()) == ((f"{name}={text}",) if is_kept else ())
    assert plan.get("withheld", ()) == (() if is_kept else (name,))
    assert ("hunter2" in str(plan)) is False
    assert len(str(plan)) < 1_000


async def test_a_rest_that_was_sent_or_dropped_elsewhere_is_not_sent_again() -> None:
    trail = MemoryTrail()
    write = COMMANDS[0]
    proposals = [Proposal(operation_for(write), write, "Temu DE")] * 2

    def record(resumes: str = "") -> PlanRecord:
        return PlanRecord(trail, FACTS, proposals, (), lambda: START, resumes=resumes)

    first = record()
    await first.begin()
    await first.end(is_cut_short=True)
    one, other = record(first.open_id), record(first.open_id)
    assert (await one.overtaken(), await one.begin()) == ("", "")
    assert "sent or dropped elsewhere" in await other.overtaken()
    await one.end(is_cut_short=False)
    assert one.open_id == ""


@pytest.mark.parametrize("is_over", [False, True], ids=["still sending", "over"])
async def test_of_two_that_begin_with_a_rest_at_once_the_first_one_has_it(
    tmp_path: Path, is_over: bool
) -> None:
    path, write = tmp_path / "audit" / "sim.jsonl", COMMANDS[0]
    proposals = [Proposal(operation_for(write), write, "Temu DE")] * 2

    def record(resumes: str = "") -> PlanRecord:
        return PlanRecord(FileTrail(path), FACTS, proposals, (), lambda: START, resumes=resumes)

    first = record()
    await first.begin()
    await first.end(is_cut_short=True)
    one, other = record(first.open_id), record(first.open_id)
    assert (await one.overtaken(), await other.overtaken()) == ("", "")
    assert await one.begin() == ""
    if is_over:
        await one.end(is_cut_short=False)
    assert "sent or dropped elsewhere" in await other.begin()
    assert other.is_overtaken
    plans = (await FileTrail(path).newest(100, START)).plans
    assert [plan.id for plan in plans] == ([] if is_over else [one.open_id])
