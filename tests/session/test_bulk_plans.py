"""What a session records of its bulks."""

import asyncio
from dataclasses import replace
from datetime import datetime

from tests.ops.commands import COMMANDS, operation_for
from tests.session.test_history_view import NOW, Console
from tui.launch import RunOptions
from tui.ops.audit.file_trail import MemoryTrail
from tui.ops.audit.plan import OVER
from tui.ops.proposals.bulk import BulkPlan
from tui.ops.proposals.proposal import Proposal
from tui.wiring import demo_core

MANY = 100
"""Turns of the loop: more than it takes to close a session."""


class SlowToEnd(MemoryTrail):
    """One on a slow disk."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked, self.may_end = asyncio.Event(), asyncio.Event()

    async def end_plan(self, id: str, at: datetime, result: str, keys: int | None = None) -> None:
        self.is_asked.set()
        await self.may_end.wait()
        await super().end_plan(id, at, result, keys)


async def test_what_is_over_when_the_console_is_left_does_not_look_unsent() -> None:
    """As where the line drops in the moment after the last response."""
    trail, write = SlowToEnd(), COMMANDS[0]
    console = Console(replace(demo_core(RunOptions(), clock=lambda: NOW), trail=trail))
    await console.start()
    operation = operation_for(write)
    console.session.perform_all(
        BulkPlan(operation, ("sync", "syncs"), ((Proposal(operation, write, "Temu DE"),),))
    )
    await trail.is_asked.wait()
    leaving = asyncio.ensure_future(console.session.aclose())
    for _ in range(MANY):
        await asyncio.sleep(0)
    trail.may_end.set()
    await leaving
    assert [(one["record"], one.get("result")) for one in trail.records] == [
        ("plan", None),
        ("plan-end", OVER),
    ]
