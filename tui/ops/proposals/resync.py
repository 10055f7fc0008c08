"""A forced resync as one call, or as several one after the other if there are too many keys.

Invariants: the calls of a plan carry each key once, in order; only whole calls are sent again; the
review names every line of the key list that gave no key, several keys, or a repeated key.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import cast

from tui.domain.baseline import of_connection
from tui.domain.superoffice.engine import Connection
from tui.domain.superoffice.resync_keys import Report, span
from tui.domain.superoffice.resync_request import MOST_IN_CALL, NOT_SYNCED, ResyncRequest, Scope
from tui.domain.text import cited, counted
from tui.domain.writes import FieldChange, ForceResync, ForceResyncExternal, Resync
from tui.ops.operations.operation import Operation
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.bulk import BulkPlan
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.store.snapshot import Snapshot

_LISTED_KEYS = 12
_MOST_LINES = 12
"""Lines named in a warning, if all are listed elsewhere too."""
_MOST_SEVERAL = 200
"""Lines with several keys named in a warning: each may be an unintended key."""


def resync_calls(
    wish: ResyncRequest,
    connections: Sequence[Connection] | None,
    rests_on: Snapshot[object] | None = None,
    report: Report | None = None,
) -> tuple[Proposal, ...] | Refusal:
    """One proposal per call, or why there is none; `report`: of the list that the keys come from."""
    try:
        writes = wish.writes()
    except ValueError as problem:
        return Refusal(str(problem))
    proposals = [resync(write, connections, rests_on) for write in writes]
    warned = (*(_list_warnings(report) if report else ()), *_warnings(wish))
    proposals = [replace(one, warnings=(*one.warnings, *warned)) for one in proposals]
    listed = _list_summary(report) if report else ()
    if len(proposals) == 1:
        return (replace(proposals[0], consequences=(*proposals[0].consequences, *listed)),)
    # The number of keys is stated per plan: a later plan may send only a part of these calls.
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


def _list_summary(report: Report) -> tuple[str, ...]:
    """`Key list: 6 lines · 3 keys · 3 bad lines.`; empty for keys on one typed line."""
    return () if report.is_list or not report.lines else (f"Key list: {report.summary}.",)


def _list_warnings(report: Report) -> Iterator[str]:
    """Warnings about a list that may not be as intended, one sentence each."""
    if report.is_more:
        lines, keys = counted(report.lines, "line"), counted(len(report.keys), "key")
        yield f"{lines} gave {keys}"
    if report.several and not report.is_list:
        several = _listed([note.text for note in report.several], _MOST_SEVERAL, "; ")
        yield f"more than one key on {counted(len(report.several), 'line')}: {several}"
    if report.skipped is not None:
        yield f"line {report.skipped.line} left out as the header: {report.skipped.sentence}"
    if report.bad:
        lines = _listed([str(note.line) for note in report.bad], _MOST_LINES, ", ")
        yield f"{counted(len(report.bad), 'bad line')} left out: {lines}"
    if report.repeats:
        repeated = _listed([note.text for note in report.repeats], _MOST_LINES, "; ")
        yield f"{counted(len(report.repeats), 'repeated key')} sent once: {repeated}"


def _listed(parts: Sequence[str], most: int, between: str) -> str:
    more = f" and {len(parts) - most:,} more" if len(parts) > most else ""
    return f"{between.join(parts[:most])}{more}"


def _part(proposal: Proposal) -> str:
    keys = keys_of(proposal)
    return f"{counted(len(keys), 'key')}: {span(keys)}"


def _warnings(wish: ResyncRequest) -> Iterator[str]:
    if wish.scope is Scope.EXTERNAL and wish.actor_type in NOT_SYNCED:
        yield f"{wish.actor_type} is documented as not synced"
    several = [key for key in wish.external if ";" in key]
    if several:
        more = f" and {len(several) - 1} like it" if len(several) > 1 else ""
        yield f"{cited(several[0])}{more}: ; does not separate keys, it is sent as part of a key"


def renewed(call: Proposal, source: Connection | None, rests_on: Snapshot[object]) -> Proposal:
    """One of several calls based on the current connection; None if that is unknown, or is CRM."""
    if source is None:
        return call
    fresh = resync(call.write, (source,), rests_on)  # type: ignore[arg-type] # a call is a resync
    others = (warning for warning in call.warnings if warning != not_active(source.id))
    return replace(
        call,
        target=f"{call.target.partition(' · ')[0]} · {fresh.target}",
        warnings=(*fresh.warnings, *others),
        rests_on=rests_on,
        baseline=fresh.baseline,
    )


def as_rest(call: Proposal) -> Proposal:
    """A call left by an earlier run, without the warnings about the whole key list."""
    return replace(call, consequences=call.consequences[:1])


def in_turn(proposals: Sequence[Proposal], note: str = "") -> BulkPlan:
    """The plan that sends calls one after the other; `note`: a remark about these calls."""
    total = counted(count_of(proposals), "key")
    turns = (
        f"{total} go in {len(proposals)} calls of at most {MOST_IN_CALL}, one after the other;"
        " it stops at the first failure, and nothing is sent again automatically."
    )
    if len(proposals) == 1:
        turns = f"One call with {total}; nothing is sent again automatically."
    notes = tuple(filter(None, (turns, note)))
    nouns = (f"call with {total}", f"calls with {total}")
    return BulkPlan(
        proposals[0].operation,
        nouns,
        (tuple(proposals),),
        notes=notes,
        settings=_how(cast("Resync", proposals[0].write)),
        in_turn=True,
    )


def _how(write: Resync) -> tuple[tuple[str, str], ...]:
    """The settings of a call besides its keys, as `run` takes them."""
    is_batch = isinstance(write, ForceResync) and write.as_batch
    of_type = (("actor_type", write.actor_type),) if isinstance(write, ForceResyncExternal) else ()
    blanks = ("blanks", "keep" if write.no_blanks else "overwrite")
    return (*of_type, blanks, ("how", "batch" if is_batch else "wait"))


def keys_of(proposal: Proposal) -> tuple[int, ...] | tuple[str, ...]:
    write = proposal.write
    return write.keys if isinstance(write, ForceResync | ForceResyncExternal) else ()


def count_of(calls: Iterable[Proposal]) -> int:
    """How many keys they carry."""
    return sum(len(keys_of(one)) for one in calls)


def resync(
    write: Resync, connections: Sequence[Connection] | None, rests_on: Snapshot[object] | None = None
) -> Proposal:
    """Force a resync; `connections`: the known ones, None if unknown. CRM is none of them, so that a
    resync from there rests on no data."""
    source = write.connection_id
    known = {connection.id: connection for connection in connections or ()}
    name = "CRM" if source == 0 else f"connection {source}"
    if source in known:
        name = f"{known[source].name} (connection {source})"
    operation = OPERATIONS["engine.force-resync"]
    inactive = source in known and not known[source].active
    return Proposal(
        operation,
        write,
        f"{name} → {'the connected ERP systems' if source == 0 else 'CRM'}",
        changes=(
            FieldChange("Source", "", name),
            FieldChange("Keys", "", reach(write)),
            FieldChange("Call", "", write.method),
        ),
        consequences=(consequence(write, operation),),
        warnings=(not_active(source),) if inactive else (),
        rests_on=rests_on if source else None,
        baseline=of_connection(known[source]) if source in known else (),
    )


def not_active(source: int) -> str:
    return f"connection {source} is not active"


def reach(write: Resync) -> str:
    keys = write.keys
    if not keys:
        all_of_it = "EVERYTHING" if isinstance(write, ForceResync) else f"ALL of type {write.actor_type}"
        return f"{all_of_it}: the request carries []"
    listed = ", ".join(str(key) for key in keys[:_LISTED_KEYS])
    more = f" and {len(keys) - _LISTED_KEYS:,} more" if len(keys) > _LISTED_KEYS else ""
    of_type = f" of type {write.actor_type}" if isinstance(write, ForceResyncExternal) else ""
    return f"{counted(len(keys), 'key')}{of_type}: {listed}{more}"


def consequence(write: Resync, operation: Operation) -> str:
    """Which side is overwritten, and how much."""
    return f"{operation.consequence} {overwritten(write)} {_reach(write)}"


def overwritten(write: Resync) -> str:
    """A sentence about the side that is overwritten (superoffice PROTOCOL §5)."""
    source = "CRM" if write.connection_id == 0 else f"Connection {write.connection_id}"
    side = "the connected ERP systems" if write.connection_id == 0 else "CRM"
    blanks = (
        "; its empty values overwrite nothing" if write.no_blanks else ", including by its empty values"
    )
    return f"{source} is the source: values in {side} are overwritten{blanks}."


def _reach(write: Resync) -> str:
    if write.keys:
        return f"{len(write.keys):,} {'key is' if len(write.keys) == 1 else 'keys are'} sent."
    if isinstance(write, ForceResyncExternal):
        return f"No keys: everything of type {write.actor_type} is resynced."
    return "No keys: everything is resynced."
