"""L3: the record of a bulk holds what was chosen for it, and no secret."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from tests.drivers.fake_time import START
from tests.ops.commands import COMMANDS, operation_for
from tui.domain.profile import Environment, ProfileFacts, System
from tui.ops.audit.entries import History, Record
from tui.ops.audit.file_trail import FileTrail, MemoryTrail
from tui.ops.audit.trail_reader import EPOCH
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
    assert plan.get("settings", []) == ([f"{name}={text}"] if is_kept else [])
    assert plan.get("withheld", []) == ([] if is_kept else [name])
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
    assert (await one.take_up(), await one.begin()) == ("", "")
    assert "sent or dropped elsewhere" in await other.take_up()
    # Nor is it once it is retried.
    assert "sent or dropped elsewhere" in await record(other.open_id).take_up()
    await one.end(is_cut_short=False)
    assert one.open_id == ""


class ReadLate(MemoryTrail):
    """The second who reads it does so only after a rest was recorded."""

    def __init__(self) -> None:
        super().__init__()
        self._reads, self._has_rest = 0, asyncio.Event()

    async def append(self, record: Record) -> None:
        await super().append(record)
        if record.get("resumes"):
            self._has_rest.set()

    async def entries(self, most: int, back_to: datetime = EPOCH) -> History:
        self._reads += 1
        if self._reads == 2:
            await self._has_rest.wait()
        return await super().entries(most, back_to)


async def test_the_targets_of_a_rest_do_not_overtake_one_another() -> None:
    """Several are sent at once: one may read the trail after another has recorded the rest."""
    trail, write = ReadLate(), COMMANDS[0]
    proposals = [Proposal(operation_for(write), write, "Temu DE")] * 2
    first = PlanRecord(trail, FACTS, proposals, (), lambda: START)
    await first.begin()
    await first.end(is_cut_short=True)
    rest = PlanRecord(trail, FACTS, proposals, (), lambda: START, resumes=first.open_id)
    assert [*await asyncio.gather(rest.take_up(), rest.take_up())] == ["", ""]


@pytest.mark.parametrize("is_over", [False, True], ids=["still sending", "over"])
async def test_of_two_that_begin_with_a_rest_at_once_the_first_one_has_it(
    tmp_path: Path, is_over: bool
) -> None:
    path, write = tmp_path / "audit" / "sim.jsonl", COMMANDS[0]
    proposals = [Proposal(operation_for(write), write, "Temu DE")] * 2

    def record(trail: FileTrail, resumes: str = "") -> PlanRecord:
        return PlanRecord(trail, FACTS, proposals, (), lambda: START, resumes=resumes)

    class Late(FileTrail):
        async def plan(self, at: datetime, planned: Record) -> str:
            assert await one.take_up() == ""
            if is_over:
                await one.end(is_cut_short=False)
            return await super().plan(at, planned)

    first = record(FileTrail(path))
    await first.begin()
    await first.end(is_cut_short=True)
    one, other = record(FileTrail(path), first.open_id), record(Late(path), first.open_id)
    assert "sent or dropped elsewhere" in await other.take_up()
    assert other.is_overtaken
    plans = (await FileTrail(path).newest(100, START)).plans
    assert [plan.id for plan in plans] == ([] if is_over else [one.open_id])
    assert "sent or dropped elsewhere" in await record(FileTrail(path), other.open_id).take_up()
