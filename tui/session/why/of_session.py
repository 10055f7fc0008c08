"""Why a row of a console is as it is: at once from memory, or with the history."""

import asyncio
from typing import TYPE_CHECKING

from tui.domain.history.records import Subject
from tui.domain.profile import System
from tui.domain.why.explain import why
from tui.domain.why.explanation import Why
from tui.session.why.gather import facts_of
from tui.session.why.known import Known
from tui.session.why.maintenance import stopped_by
from tui.session.why.recorded import with_past

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.ops.audit.entries import Entry
    from tui.session.session import Session


def known_of(session: "Session") -> Known:
    """What a console knows now, or knew at the time that is looked at."""
    core, past = session.core, session.past
    if core is None or past is not None:
        now = past.judged_at if past is not None else session.clock()
        expected = past.expected if past is not None else frozenset()
        return Known(session.store, now, expected=expected, entries=_entries(session))
    return Known(
        session.store,
        session.clock(),
        {system: core.service.clock_offset(system) for system in System},
        core.service.tenant(),
        core.connections.expected,
        lambda number: core.connections.tests.of(number).data,
        _entries(session),
        stopped_by(session.maintenance.open_ones, session.clock()),
    )


def _entries(session: "Session") -> "Sequence[Entry]":
    read = session.trail.history
    return read.entries if read is not None else ()


def why_now(session: "Session", subject: Subject) -> Why:
    """From memory alone, for a line beside the row."""
    return why(facts_of(known_of(session), subject))


async def why_of(session: "Session", subject: Subject) -> Why:
    """With what the history knows; read in a thread."""
    facts = facts_of(known_of(session), subject)
    if session.history is not None:
        reader = session.history.history.reader
        facts = await asyncio.to_thread(with_past, facts, reader)
    return why(facts)
