"""Which rows the open maintenances of a profile cover, so that nobody is called because of them. Pure.

Covered is what a maintenance stopped or is about to stop, until it runs again, by whomever it was
started; what it left as it was is judged as always. Times in sentences are UTC.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from tui.domain.health.rules import Level, Verdict
from tui.domain.maintenance.banner import SeenNow, banner, end_words, needs_attention
from tui.domain.maintenance.records import Maintenance, NotedTarget
from tui.domain.maintenance.rules import Seen, Target, seen_of
from tui.frozen import frozen


@frozen
class Covering:
    """The open maintenance that covers a row, and the row as it noted it."""

    maintenance: Maintenance
    target: NotedTarget

    def words(self, now: datetime) -> str:
        """`maintenance nightly, until 03:00`."""
        return f"maintenance {self.maintenance.name}, {end_words(self.maintenance, now)}"

    def runs_again(self, seen: Seen | None) -> bool:
        """Whether it was off by us, and is on; `seen` since then."""
        return seen is Seen.ON and self.target.was_seen_off

    def warning(self, now: datetime) -> str:
        """For who is about to turn it on: `stopped by maintenance nightly until 03:00 (reason)`."""
        one, verb = self.maintenance, "stopped" if self.target.is_off else "covered"
        return f"{verb} by maintenance {one.name} {end_words(one, now)} ({one.reason})"


@frozen
class Covered:
    open: tuple[Maintenance, ...] = ()
    """Those that are not closed, the oldest first."""
    troubles: tuple[str, ...] = ()
    """Why journals cannot be read, a sentence each."""
    _found: Mapping[tuple[str, str], Covering] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = {
            (target.kind.value, target.id.casefold()): Covering(one, target)
            for one in self.open
            for target in one.targets
            if not target.is_settled
        }
        object.__setattr__(self, "_found", found)

    def of(self, kind: str, id: str) -> Covering | None:
        return self._found.get((kind, id.casefold()))

    def by(self, kind: str, id: str, seen: Seen | None = None) -> str:
        """The name of the maintenance that covers a row, which is `seen` so by now; empty: none."""
        found = self.of(kind, id)
        return "" if found is None or found.runs_again(seen) else found.maintenance.name

    def excused(self, verdict: Verdict, kind: str, row: Target | None, now: datetime) -> Verdict:
        """The verdict on a row; what is off by a maintenance is neither a problem nor a user's stop."""
        found = None if row is None or not self._found else self.of(kind, str(row.id))
        if found is None or seen_of(row) is not Seen.OFF or not found.target.was_stopped:
            return verdict
        return Verdict(Level.OFF, verdict.word, found.words(now))

    def sentences(self, now: datetime, seen: SeenNow = lambda _: None) -> tuple[str, ...]:
        """`maintenance nightly · 4 off since 01:00 · until 03:00`, one each."""
        return tuple(banner(one, now, seen) for one in self.open)

    @property
    def unreadable(self) -> tuple[Verdict, ...]:
        """A journal that cannot be read, each: what it covers is not known."""
        return tuple(Verdict(Level.WARNING, "unreadable", one) for one in self.troubles)

    def verdicts(
        self, now: datetime, seen: SeenNow = lambda _: None
    ) -> tuple[tuple[Maintenance, Verdict], ...]:
        """Those that are overdue or done only in part; counted as `sentences` counts them."""
        return tuple((one, _verdict(one, now, seen)) for one in self.open if needs_attention(one, now))


def _verdict(one: Maintenance, now: datetime, seen: SeenNow) -> Verdict:
    word = "overdue" if one.is_overdue(now) else "partly"
    reason = banner(one, now, seen).removeprefix(f"maintenance {one.name} · ")
    return Verdict(Level.WARNING, word, reason)
