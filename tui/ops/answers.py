"""What the server's values say of a write: what was requested and is missing, what it leaves out,
what was changed elsewhere meanwhile. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from tui.domain.basis import NAME, Facet
from tui.domain.changes import STATE_CHANGES, ConfigureWorker, CreateExtension, Write
from tui.domain.engine import EngineStatus
from tui.domain.extensions import Extension
from tui.domain.result import Result
from tui.domain.workers import WorkerSync
from tui.ops.proposal import Proposal
from tui.ops.target import asked, basis_of, is_same

_SILENT = ("not reported", "unknown")
"""A response that leaves a value out says nothing about it."""
_MASKS = frozenset("*•●")
"""What a server writes instead of a secret."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The values of a response, or of the target read again, beside those that were requested."""

    missing: tuple[str, ...] = ()
    """A sentence for each value that is not as requested."""
    taken: tuple[str, ...] = ()
    """A sentence for each value that is."""
    unsaid: tuple[str, ...] = ()
    """The names of those that it leaves out."""
    elsewhere: tuple[str, ...] = ()
    """A sentence for each other value that was changed elsewhere meanwhile."""
    missing_keys: frozenset[str] = frozenset()
    """Those of `missing`, as the command has them."""

    @property
    def result(self) -> Result:
        """What follows from it."""
        if self.missing:
            return Result.NOT_APPLIED
        return Result.ACCEPTED if self.unsaid else Result.APPLIED

    @property
    def sentence(self) -> str:
        """All of it; empty where everything is as requested."""
        partly = f"applied in part: {', '.join(self.taken)}" if self.missing and self.taken else ""
        unsaid = f"the server does not report {', '.join(self.unsaid)}" if self.unsaid else ""
        return "; ".join(filter(None, (*self.missing, partly, unsaid, *self.elsewhere)))


def compared(proposal: Proposal, thing: object) -> Comparison:
    """Compare; of a response without values, or of a mere state, there is nothing to compare.

    The response to a start or stop may show the state before it or after it: that tells nothing.
    """
    is_state = isinstance(proposal.write, STATE_CHANGES)
    if is_state or not isinstance(thing, WorkerSync | Extension | EngineStatus):
        return Comparison()
    answered = {facet.key: facet for facet in basis_of(proposal.write, thing)}
    missing, taken, unsaid = dict(_renamed(proposal.write, thing)), [], []
    for key, wanted in asked(proposal.write).items():
        facet = answered.get(key)
        if facet is None or _says_nothing(facet, wanted):
            unsaid.append(_label(proposal, key) if facet is None else facet.label)
        elif is_same(key, wanted, facet.value):
            taken.append(f"{facet.label} is {facet.shown}")
        else:
            shown = facet.shown if facet.secret else wanted
            missing[key] = f"{facet.label}: requested {shown}, the server has {_other(facet)}"
    elsewhere = tuple(_changed_elsewhere(proposal, answered))
    return Comparison(
        tuple(missing.values()), tuple(taken), tuple(unsaid), elsewhere, frozenset(missing)
    )


def _renamed(write: Write, thing: object) -> Iterator[tuple[str, str]]:
    """Where a new extension was given another name."""
    if isinstance(write, CreateExtension) and isinstance(thing, Extension):
        wanted, now = write.extension_id, thing.extension_id
        if now and now.casefold() != wanted.casefold():
            yield "ExtensionId", f"ExtensionId: requested {wanted}, the server has {now}"


def _says_nothing(facet: Facet, wanted: str) -> bool:
    """Whether the value is left out, or is a secret that the server writes as stars or not at all."""
    masked = facet.value == "empty" or set(facet.value) <= _MASKS
    return facet.value in _SILENT or (facet.secret and masked and facet.value != wanted)


def _label(proposal: Proposal, key: str) -> str:
    return next((facet.label for facet in proposal.basis if facet.key == key), key)


def _other(facet: Facet) -> str:
    return f"another, {facet.shown}" if facet.secret else facet.value


def _changed_elsewhere(proposal: Proposal, answered: dict[str, Facet]) -> Iterator[str]:
    wanted = asked(proposal.write)
    for before in proposal.basis:
        facet = answered.get(before.key)
        # An answer need not tell the whole name.
        if facet is None or before.key == NAME or before.key in wanted or facet.value in _SILENT:
            continue
        if is_same(before.key, facet.value, before.value):
            continue
        sentence = f"{facet.label}: changed elsewhere meanwhile, {before.shown} → {facet.shown}"
        shared = isinstance(proposal.write, ConfigureWorker) and before.key != "Interval"
        names = ", ".join(proposal.sharing)
        yield f"{sentence}, also for {names}" if shared and names else sentence
