"""Where the answer to a write is not what was asked. Pure."""

from collections.abc import Iterator

from tui.domain.basis import Facet
from tui.domain.changes import STATE_CHANGES, ConfigureWorker
from tui.domain.engine import EngineStatus
from tui.domain.extensions import Extension
from tui.domain.workers import WorkerSync
from tui.ops.proposal import Proposal
from tui.ops.target import asked, basis_of, is_same

_SILENT = ("not reported", "unknown")
"""An answer that leaves a value out says nothing about it."""


def differences(proposal: Proposal, result: object) -> tuple[str, ...]:
    """A sentence for each value that is not as asked, or was changed elsewhere meanwhile.

    The answer to a start or stop may show the state before it or after it: that tells nothing.
    """
    is_state = isinstance(proposal.write, STATE_CHANGES)
    if is_state or not isinstance(result, WorkerSync | Extension | EngineStatus):
        return ()
    facets = basis_of(proposal.write, result)
    answered = {facet.key: facet for facet in facets if facet.value not in _SILENT}
    return (*_not_as_asked(proposal, answered), *_changed_elsewhere(proposal, answered))


def _not_as_asked(proposal: Proposal, answered: dict[str, Facet]) -> Iterator[str]:
    for key, wanted in asked(proposal.write).items():
        facet = answered.get(key)
        if facet is not None and not is_same(key, wanted, facet.value):
            asked_for = facet.shown if facet.secret else wanted
            yield f"{facet.label}: asked {asked_for}, the server has {_other(facet)}"


def _other(facet: Facet) -> str:
    return f"another, {facet.shown}" if facet.secret else facet.value


def _changed_elsewhere(proposal: Proposal, answered: dict[str, Facet]) -> Iterator[str]:
    wanted = asked(proposal.write)
    for before in proposal.basis:
        facet = answered.get(before.key)
        if facet is None or before.key in wanted or is_same(before.key, facet.value, before.value):
            continue
        sentence = f"{facet.label}: changed elsewhere meanwhile, {before.shown} → {facet.shown}"
        shared = isinstance(proposal.write, ConfigureWorker) and before.key != "Interval"
        names = ", ".join(proposal.sharing)
        yield f"{sentence}, also for {names}" if shared and names else sentence
