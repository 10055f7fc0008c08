"""The account of a forced resync in several calls: the result of every key over all runs.

Invariant: a call that was sent is never reported as not sent, even if it was retried; a call with an
unknown result stays unknown until it is known to be applied.
"""

from collections import Counter
from dataclasses import replace

from tui.api.errors import Moved, NotAuthorised, Throttled
from tui.domain.result import Result
from tui.domain.superoffice.resync_keys import compressed, span
from tui.domain.text import counted, one_line
from tui.domain.writes import ForceResyncExternal, Resync, Write
from tui.frozen import frozen
from tui.ops.execution.bulk_run import BulkRun, Stage, TargetResult
from tui.ops.execution.outcome import Outcome
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import count_of, keys_of

REST, FAILED, UNKNOWN = Result.NOT_SENT, Result.FAILED, Result.UNKNOWN
"""Groups of calls that can be sent after a run; each is requested separately."""
_NOTHING_SENT = (Stage.WAITING, REST, Result.CONFLICT, Result.REFUSED)
_NOTHING_DONE = (NotAuthorised, Moved, Throttled)
"""Errors that a server returns before it processes a call."""
_NAMED_IN_FULL = (FAILED, UNKNOWN, Stage.SENDING)


def did_nothing(outcome: Outcome) -> bool:
    """Whether the call certainly had no effect and can be sent again."""
    if outcome.kind is Result.FAILED:
        error = outcome.error
        return error is not None and (not error.sent or isinstance(error, _NOTHING_DONE))
    return outcome.kind.nothing_sent


@frozen
class ResyncAccount:
    """The runs of one resync, oldest first: each sends what the one before it left."""

    runs: tuple[BulkRun, ...]

    @property
    def current(self) -> BulkRun:
        return self.runs[-1]

    def resumed(self, run: BulkRun) -> "ResyncAccount":
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
        """The calls that so far certainly had no effect."""
        return tuple(one.proposal for one in self.results if _is_rest(one))

    @property
    def keys_left(self) -> int:
        return count_of(self.unsent)

    def again(self, which: str) -> tuple[Proposal, ...]:
        """The calls that are `REST`, `FAILED` or `UNKNOWN` at the end, to be reviewed again."""
        if not self.current.is_over:
            return ()
        if which == REST:
            return self.unsent
        return tuple(one.proposal for one in self.results if one.word == which and not _is_rest(one))

    @property
    def count(self) -> str:
        """`4 of 10 calls sent: 3 applied, 1 unknown · 6 not sent`, over all runs."""
        sent = Counter(one.word for one in self.results if _was_sent(one))
        others = Counter(_word_unsent(one) for one in self.results if not _was_sent(one))
        of_all = f"{sent.total()} of {counted(len(self.results), 'call')} sent"
        went = f"{of_all}: {_listed(sent)}" if sent else of_all
        return f"{went} · {_listed(others)}" if others else went

    @property
    def summary(self) -> str:
        """`1,500 of 4,963 keys succeeded`."""
        done = sum(len(keys_of(one.proposal)) for one in self.results if one.succeeded)
        total = sum(len(keys_of(one.proposal)) for one in self.results)
        return f"{done:,} of {counted(total, 'key')} succeeded"

    @property
    def text(self) -> str:
        """The result of every call; for failed and unknown calls with every key."""
        first = self.results[0].proposal
        what, whom = first.operation.title, first.target.partition(" · ")[2]
        lines = [f"{what} · {whom} · {_called(first.write)} · {self.summary}"]
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
    """Whether its last try was sent and has ended."""
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
    """The result of a call that was tried again."""
    if tried.word in _NOTHING_SENT and not _is_rest(known):
        return known
    if known.outcome is None or known.word != UNKNOWN or tried.outcome is None or tried.succeeded:
        return tried
    # A refusal now says nothing about the first try.
    said = f"{known.outcome.sentence}; sent again: {one_line(tried.outcome.sentence)}"
    return replace(tried, outcome=replace(tried.outcome, kind=Result.UNKNOWN, sentence=said))
