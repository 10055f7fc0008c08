"""Which rows the open maintenances of a profile cover, so that nobody is called because of them. Pure.

Covered is what a maintenance stopped or is about to stop, until it was started again; what it left as it
was is judged as always. Times in sentences are UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tui.domain.health.rules import Level, Verdict
from tui.domain.maintenance.banner import banner, needs_attention
from tui.domain.maintenance.records import Maintenance


@dataclass(frozen=True, slots=True)
class Covered:
    open: tuple[Maintenance, ...] = ()
    """Those that are not closed, the oldest first."""
    troubles: tuple[str, ...] = ()
    """Why journals cannot be read, a sentence each."""
    _names: Mapping[tuple[str, str], str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {
            (target.kind.value, target.id.casefold()): one.name
            for one in self.open
            for target in one.targets
            if not target.is_settled
        }
        object.__setattr__(self, "_names", names)

    def by(self, kind: str, id: str) -> str:
        """The name of the maintenance that covers a row; empty: none."""
        return self._names.get((kind, id.casefold()), "")

    def sentences(self, now: datetime) -> tuple[str, ...]:
        """`maintenance nightly · 4 off since 01:00 · until 03:00`, one each."""
        return tuple(banner(one, now, UTC) for one in self.open)

    def verdicts(self, now: datetime) -> tuple[tuple[Maintenance, Verdict], ...]:
        """Those that are overdue or done only in part."""
        return tuple((one, _verdict(one, now)) for one in self.open if needs_attention(one, now))


def _verdict(one: Maintenance, now: datetime) -> Verdict:
    word = "overdue" if one.is_overdue(now) else "partly"
    reason = banner(one, now, UTC).removeprefix(f"maintenance {one.name} · ")
    return Verdict(Level.WARNING, word, reason)
