"""Which messages of a session replace one that is still pending."""

from itertools import product

import pytest

from tui.session.events import Event, HistoryChanged, MaintenanceChanged, TrailRead
from tui.ui.messages import SessionChanged

EVENTS = (TrailRead(), HistoryChanged(), MaintenanceChanged())


@pytest.mark.parametrize(("newer", "pending"), product(EVENTS, repeat=2))
def test_an_event_replaces_its_own_kind_alone(newer: Event, pending: Event) -> None:
    replaces = SessionChanged(newer).can_replace(SessionChanged(pending))
    assert replaces is (type(newer) is type(pending))
