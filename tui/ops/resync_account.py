"""The account of a forced resync in several calls: what became of every key, over all the runs that it
took.

Invariant: a call that was sent is never told as not sent, whatever was tried with it later.
"""

from dataclasses import dataclass

from tui.domain.changes import ForceResyncExternal, Resync, Write
from tui.domain.resync_keys import compressed, counted, span
from tui.domain.text import one_line
from tui.ops.bulk import BulkRun, TargetResult
from tui.ops.proposal import Proposal
from tui.ops.resync_plan import keys_of

REST, FAILED, UNKNOWN = "not sent", "failed", "unknown"
"""What can be sent once a run has ended: each is asked for on its own."""
_NOTHING_SENT = ("waiting", REST, "conflict")


@dataclass(frozen=True, slots=True)
class ResyncAccount:
    """The runs of one resync, oldest first: what was left of one was sent by the next."""

    runs: tuple[BulkRun, ...]

    @property
    def current(self) -> BulkRun:
        """The newest run."""
        return self.runs[-1]

    def resumed(self, run: BulkRun) -> "ResyncAccount":
        """The account with a run that sends what was left."""
        return ResyncAccount((*self.runs, run))

    @property
    def results(self) -> tuple[TargetResult, ...]:
        """One per call, in the order of the keys."""
        latest: dict[Write, TargetResult] = {}
        for run in self.runs:
            for result in run.results:
                write = result.proposal.write
                if write not in latest or result.word not in _NOTHING_SENT or _was_unsent(latest[write]):
                    latest[write] = result
        return tuple(latest.values())

    def again(self, which: str) -> tuple[Proposal, ...]:
        """The calls that are `REST`, `FAILED` or `UNKNOWN` once all is over, to be reviewed anew."""
        if not self.current.is_over:
            return ()
        wanted = _NOTHING_SENT if which == REST else (which,)
        return tuple(one.proposal for one in self.results if one.word in wanted)

    @property
    def told(self) -> str:
        """`1,500 of 4,963 keys went well`."""
        done = sum(len(keys_of(one.proposal)) for one in self.results if one.succeeded)
        total = sum(len(keys_of(one.proposal)) for one in self.results)
        return f"{done:,} of {counted(total, 'key')} went well"

    @property
    def text(self) -> str:
        """What became of every key, call by call; of failed and unknown calls every key is named."""
        first = self.results[0].proposal
        what, whom = first.operation.title, first.target.partition(" · ")[2]
        lines = [f"{what} · {whom} · {_called(first.write)} · {self.told}"]
        for place, one in enumerate(self.results, 1):
            keys = keys_of(one.proposal)
            named = compressed(keys) if one.word in (FAILED, UNKNOWN) else span(keys)
            said = one_line(one.outcome.sentence) if one.outcome and not one.succeeded else ""
            whole = f"call {place}: {one.word}: {counted(len(keys), 'key')}: {named}"
            lines.append(f"{whole} · {said}" if said else whole)
        return "\n".join(lines)


def _called(write: Write) -> str:
    of_type = f" {write.actor_type}" if isinstance(write, ForceResyncExternal) else ""
    return f"{write.method}{of_type}" if isinstance(write, Resync) else ""


def _was_unsent(result: TargetResult) -> bool:
    return result.word in _NOTHING_SENT
