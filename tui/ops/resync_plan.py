"""A forced resync as it is sent: one call, or several in turn where one would carry too many keys.

Invariant: the calls of a plan carry each key once, in order; what is sent again is chosen call by call.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tui.domain.changes import FieldChange, ForceResync, ForceResyncExternal
from tui.domain.engine import Connection
from tui.domain.resync_keys import counted, span
from tui.domain.resync_wish import MOST_IN_CALL, NOT_SYNCED, ResyncWish, Scope
from tui.domain.text import cited
from tui.ops.bulk_plan import BulkPlan
from tui.ops.consequences import overwritten
from tui.ops.key_list import Report, list_told, list_warnings
from tui.ops.plans_superoffice import not_active, resync
from tui.ops.proposal import Proposal
from tui.store.snapshot import Snapshot


def resync_calls(
    wish: ResyncWish,
    connections: Sequence[Connection] | None,
    rests_on: Snapshot[object] | None = None,
    report: Report | None = None,
) -> tuple[Proposal, ...] | str:
    """One proposal for each call, or why there is none; `report` is the list that the keys are from."""
    try:
        writes = wish.writes()
    except ValueError as problem:
        return str(problem)
    proposals = [resync(write, connections, rests_on) for write in writes]
    warned = (*(list_warnings(report) if report else ()), *_warnings(wish))
    proposals = [replace(one, warnings=(*one.warnings, *warned)) for one in proposals]
    listed = list_told(report) if report else ()
    if len(proposals) == 1:
        return (replace(proposals[0], consequences=(*proposals[0].consequences, *listed)),)
    # How many keys is told of what is sent: later that may be a part of these calls.
    consequence = f"{proposals[0].operation.consequence} {overwritten(wish.whole)}"
    return tuple(
        replace(
            one,
            target=f"call {place} of {len(proposals)} · {one.target}",
            changes=(FieldChange("Keys", "", _part(one)), FieldChange("Call", "", wish.whole.method)),
            consequences=(consequence, *listed),
        )
        for place, one in enumerate(proposals, 1)
    )


def _part(proposal: Proposal) -> str:
    keys = keys_of(proposal)
    return f"{counted(len(keys), 'key')}: {span(keys)}"


def _warnings(wish: ResyncWish) -> Iterator[str]:
    if wish.scope is Scope.EXTERNAL and wish.actor_type in NOT_SYNCED:
        yield f"{wish.actor_type} is documented as not synced"
    several = [key for key in wish.external if ";" in key]
    if several:
        more = f" and {len(several) - 1} like it" if len(several) > 1 else ""
        yield f"{cited(several[0])}{more}: ; does not part keys, it is sent as a part of one"


def renewed(call: Proposal, source: Connection | None, rests_on: Snapshot[object]) -> Proposal:
    """One of several calls on the connection as it is known now; None: it is not known, or CRM."""
    if source is None:
        return call
    fresh = resync(call.write, (source,), rests_on)  # type: ignore[arg-type] # a call is a resync
    others = (warning for warning in call.warnings if warning != not_active(source.id))
    return replace(
        call,
        target=f"{call.target.partition(' · ')[0]} · {fresh.target}",
        warnings=(*fresh.warnings, *others),
        rests_on=rests_on,
        basis=fresh.basis,
    )


def as_rest(call: Proposal) -> Proposal:
    """A call that an earlier run left: what was said of the whole key list is not said of it."""
    return replace(call, consequences=call.consequences[:1])


def in_turn(proposals: Sequence[Proposal], note: str = "") -> BulkPlan:
    """The plan that sends calls one after the other; `note` is what is particular about these."""
    total = counted(sum(len(keys_of(one)) for one in proposals), "key")
    turns = (
        f"{total} go in {len(proposals)} calls of at most {MOST_IN_CALL}, one after the other;"
        " the first that does not go well ends it, and nothing is sent again by itself."
    )
    if len(proposals) == 1:
        turns = f"One call with {total}; nothing is sent again by itself."
    notes = tuple(filter(None, (turns, note)))
    nouns = (f"call with {total}", f"calls with {total}")
    return BulkPlan(proposals[0].operation, nouns, (tuple(proposals),), notes=notes, in_turn=True)


def keys_of(proposal: Proposal) -> tuple[int, ...] | tuple[str, ...]:
    """The keys that a call carries."""
    write = proposal.write
    return write.keys if isinstance(write, ForceResync | ForceResyncExternal) else ()
