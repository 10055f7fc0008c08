"""Whether a target that was read again is still what the operator saw. Pure."""

from collections.abc import Mapping
from datetime import datetime

from tui.domain.basis import Basis, drift, told
from tui.domain.changes import CreateExtension, Write
from tui.domain.connections import Priorities
from tui.domain.engine import EngineStatus
from tui.domain.text import one_line
from tui.ops.outcome import Conflict, Outcome, OutcomeKind
from tui.ops.proposal import Proposal
from tui.ops.target import Thing, asked, basis_of, is_same
from tui.ops.unfit import DOUBLED

ANEW = "Look at what it is now, and confirm it anew"


def rests_on_something(proposal: Proposal) -> bool:
    """Whether there is a target that may have changed."""
    return bool(proposal.basis) and not isinstance(proposal.write, CreateExtension)


def asks_for_the_same(proposal: Proposal) -> bool:
    """Whether it asks for no more than was seen before, so that a look at it proves nothing."""
    return made_elsewhere(proposal.write, proposal.basis)


def conflict(proposal: Proposal, thing: Thing | None) -> Conflict | None:
    """How the target differs from what the operator saw; None: not at all."""
    now = basis_of(proposal.write, thing)
    drifts = drift(proposal.basis, now)
    if not drifts:
        return None
    return Conflict(proposal.basis, now, drifts, thing, made_elsewhere(proposal.write, now))


def made_elsewhere(write: Write, now: Basis) -> bool:
    """Whether the target has every value already that `write` asks for."""
    wanted, values = asked(write), {facet.key: facet.value for facet in now}
    return bool(wanted) and holds(wanted, values)


def holds(wanted: Mapping[str, str], values: Mapping[str, str]) -> bool:
    """Whether each wanted value is there."""
    return all(key in values and is_same(key, values[key], value) for key, value in wanted.items())


def stops(proposal: Proposal, thing: Thing | None, at: datetime) -> Outcome | None:
    """Why the proposal must not be sent to the target as it is; None: it may be."""
    faulty = not_to_be_written(thing)
    if faulty:
        sentence = f"nothing was sent: {faulty}"
        step = "Refresh; change it in the system itself if it stays"
        return Outcome(OutcomeKind.CONFLICT, sentence, step, at)
    found = conflict(proposal, thing)
    if found is None:
        return None
    step = "" if found.thing is None else ANEW
    return Outcome(OutcomeKind.CONFLICT, f"nothing was sent: {said(found)}", step, at, conflict=found)


def not_to_be_written(thing: Thing | None) -> str:
    """Why the row of a target is not good enough for a write now; empty: it is."""
    if thing is None or not thing.problem:
        return ""
    if not isinstance(thing, Priorities | EngineStatus) and thing.doubled:
        return DOUBLED
    return f"its row cannot be read now ({one_line(thing.problem)})"


def said(found: Conflict) -> str:
    """The conflict in a sentence."""
    if found.thing is None:
        return "it is no longer in the server's list"
    if found.made_elsewhere:
        return "the same change was made elsewhere meanwhile"
    return f"changed elsewhere meanwhile: {told(found.drifts)}"
