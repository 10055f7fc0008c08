"""Compares the server's values with a write: requested values that are missing or not reported, and
values that were changed elsewhere meanwhile."""

from collections.abc import Iterator

from tui.domain.baseline import NAME, BaselineValue
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import WorkerSync
from tui.domain.result import Result
from tui.domain.superoffice.engine import EngineStatus
from tui.frozen import frozen
from tui.ops.operations.kinds import kind_of
from tui.ops.proposals.proposal import Proposal
from tui.ops.targets.target import is_same

_SILENT = ("not reported", "unknown")
"""Words for values that a response leaves out."""
_MASKS = frozenset("*•●")
"""The characters that a server writes instead of a secret."""


@frozen
class Comparison:
    """The values of a response, or of the target read again, compared with the requested ones."""

    missing: tuple[str, ...] = ()
    """A sentence for each value that is not as requested."""
    taken: tuple[str, ...] = ()
    """A sentence for each value that is as requested."""
    unsaid: tuple[str, ...] = ()
    """The names of requested values that are not reported."""
    elsewhere: tuple[str, ...] = ()
    """A sentence for each other value that was changed elsewhere."""
    missing_keys: frozenset[str] = frozenset()

    @property
    def result(self) -> Result:
        if self.missing:
            return Result.NOT_APPLIED
        return Result.ACCEPTED if self.unsaid else Result.APPLIED

    @property
    def sentence(self) -> str:
        """The comparison in words; empty if everything is as requested."""
        partly = f"applied in part: {', '.join(self.taken)}" if self.missing and self.taken else ""
        unsaid = f"the server does not report {', '.join(self.unsaid)}" if self.unsaid else ""
        return "; ".join(filter(None, (*self.missing, partly, unsaid, *self.elsewhere)))


def compared(proposal: Proposal, row: object) -> Comparison:
    """Compare; empty for a response without values, or with only a state.

    The response to a start or stop may show the state before or after it, so it proves nothing.
    """
    kind = kind_of(proposal.write)
    if kind.is_watched or not isinstance(row, WorkerSync | Extension | EngineStatus):
        return Comparison()
    answered = {facet.key: facet for facet in kind.baseline(proposal.write, row)}
    missing, taken, unsaid = dict(kind.renamed(proposal.write, row)), [], []
    for key, wanted in kind.wanted(proposal.write).items():
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


def _says_nothing(facet: BaselineValue, wanted: str) -> bool:
    """Whether the value is not reported, or is a secret that the server masks or omits."""
    masked = facet.value == "empty" or set(facet.value) <= _MASKS
    return facet.value in _SILENT or (facet.secret and masked and facet.value != wanted)


def _label(proposal: Proposal, key: str) -> str:
    return next((facet.label for facet in proposal.baseline if facet.key == key), key)


def _other(facet: BaselineValue) -> str:
    return f"another, {facet.shown}" if facet.secret else facet.value


def _changed_elsewhere(proposal: Proposal, answered: dict[str, BaselineValue]) -> Iterator[str]:
    wanted = kind_of(proposal.write).wanted(proposal.write)
    for before in proposal.baseline:
        facet = answered.get(before.key)
        # A response may contain only a part of the name.
        if facet is None or before.key == NAME or before.key in wanted or facet.value in _SILENT:
            continue
        if is_same(before.key, facet.value, before.value):
            continue
        sentence = f"{facet.label}: changed elsewhere meanwhile, {before.shown} → {facet.shown}"
        names = ", ".join(proposal.sharing) if before.key != "Interval" else ""
        yield f"{sentence}, also for {names}" if names else sentence
