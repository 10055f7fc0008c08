"""Which messages of a session replace one that is still pending, and how a long one is shown."""

from itertools import product

import pytest

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator
from tui.session.events import Event, HistoryChanged, MaintenanceChanged, TrailRead
from tui.ui.messages import SessionChanged

EVENTS = (TrailRead(), HistoryChanged(), MaintenanceChanged())


@pytest.mark.parametrize(("newer", "pending"), product(EVENTS, repeat=2))
def test_an_event_replaces_its_own_kind_alone(newer: Event, pending: Event) -> None:
    replaces = SessionChanged(newer).can_replace(SessionChanged(pending))
    assert replaces is (type(newer) is type(pending))


async def test_a_message_that_has_no_room_ends_in_a_mark(erp: RunningSimulator) -> None:
    text = " ".join(f"word{number}" for number in range(200))
    for size, rows in (((80, 24), 4), ((120, 40), 8)):
        async with console(erp, size=size) as deck:
            deck.app.tell(text, "warning")
            await deck.sees("word0")
            said = [line.strip() for line in deck.lines() if "word" in line]
            assert len(said) == rows
            assert [line.endswith("…") for line in said] == [False] * (rows - 1) + [True]
            deck.app.tell("word", "warning")
            await deck.loses("word0")
            assert not any("word…" in line for line in deck.lines())
