"""The account of a forced resync in several calls: what became of every key, over all the runs that it
took.

Invariant: a call that was sent is never told as not sent, whatever was tried with it later; one of
which nobody knows what became of it stays unknown until it is known to be applied.
"""

from collections import Counter
from dataclasses import dataclass, replace

from tui.api.errors import Moved, NotAuthorised, Throttled
from tui.domain.changes import ForceResyncExternal, Resync, Write
from tui.domain.resync_keys import compressed, counted, span
from tui.domain.text import one_line
from tui.ops.bulk import BulkRun, Stage, TargetResult
from tui.ops.outcome import Outcome, OutcomeKind
from tui.ops.proposal import Proposal
from tui.ops.resync_plan import keys_of

REST, FAILED, UNKNOWN = "not sent", "failed", "unknown"
"""What can be sent once a run has ended: each is asked for on its own."""
_NOTHING_SENT = ("waiting", REST, "conflict", "refused")
_NOTHING_DONE = (NotAuthorised, Moved, Throttled)
"""What a server says before it looks at a call."""
_NAMED_IN_FULL = (FAILED, UNKNOWN, Stage.SENDING.value)


def did_nothing(outcome: Outcome) -> bool:
    """Whether the call certainly had no effect: it can be sent as if it had never been."""
    if outcome.kind is OutcomeKind.FAILED:
        error = outcome.error
        return error is not None and (not error.sent or isinstance(error, _NOTHING_DONE))
    return outcome.kind.nothing_sent


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
                latest[write] = _newer(latest[write], result) if write in latest else result
        return tuple(latest.values())

    @property
    def unsent(self) -> tuple[Proposal, ...]:
        """The calls that certainly did nothing, as it stands now."""
        return tuple(one.proposal for one in self.results if _is_rest(one))

    def again(self, which: str) -> tuple[Proposal, ...]:
        """The calls that are `REST`, `FAILED` or `UNKNOWN` once all is over, to be reviewed anew."""
        if not self.current.is_over:
            return ()
        if which == REST:
            return self.unsent
        return tuple(one.proposal for one in self.results if one.word == which and not _is_rest(one))

    @property
    def count(self) -> str:
        """`4 of 10 calls sent: 3 applied, 1 unknown · 6 not sent`, whatever run they went with."""
        sent = Counter(one.word for one in self.results if _was_sent(one))
        others = Counter(_word_unsent(one) for one in self.results if not _was_sent(one))
        of_all = f"{sent.total()} of {counted(len(self.results), 'call')} sent"
        went = f"{of_all}: {_listed(sent)}" if sent else of_all
        return f"{went} · {_listed(others)}" if others else went

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
            named = compressed(keys) if one.word in _NAMED_IN_FULL else span(keys)
            said = one_line(one.outcome.sentence) if one.outcome and not one.succeeded else ""
            whole = f"call {place}: {one.word}: {counted(len(keys), 'key')}: {named}"
            lines.append(f"{whole} · {said}" if said else whole)
        return "\n".join(lines)


def _called(write: Write) -> str:
    of_type = f" {write.actor_type}" if isinstance(write, ForceResyncExternal) else ""
    return f"{write.method}{of_type}" if isinstance(write, Resync) else ""


def _was_sent(result: TargetResult) -> bool:
    """Whether its last try went out, and came to an end."""
    if result.outcome is None or result.word in _NOTHING_SENT:
        return False
    return result.outcome.error is None or result.outcome.error.sent


def _word_unsent(result: TargetResult) -> str:
    return f"{FAILED} before it was sent" if result.word == FAILED else result.word


def _listed(words: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in words.items())


def _is_rest(result: TargetResult) -> bool:
    return result.word in _NOTHING_SENT or (result.outcome is not None and did_nothing(result.outcome))


def _newer(known: TargetResult, tried: TargetResult) -> TargetResult:
    """What is to be told of a call that was tried again."""
    if tried.word in _NOTHING_SENT and not _is_rest(known):
        return known
    if known.outcome is None or known.word != UNKNOWN or tried.outcome is None or tried.succeeded:
        return tried
    # That it was refused now says nothing about the first time.
    said = f"{known.outcome.sentence}; sent again: {one_line(tried.outcome.sentence)}"
    return replace(tried, outcome=replace(tried.outcome, kind=OutcomeKind.UNKNOWN, sentence=said))
