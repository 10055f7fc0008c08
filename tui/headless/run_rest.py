"""What a resync in several calls has not sent yet, kept as a key file from before its first call on.

Invariant: whenever a call goes out, the file of its source holds as keys exactly what has not gone out,
and the call itself as unknown; where it cannot be written, nothing goes out.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tui.domain.changes import ForceResyncExternal
from tui.domain.resync_keys import compressed
from tui.headless.output import line
from tui.headless.run_plan import Planned
from tui.headless.run_results import NOT_SENT, Result, as_line
from tui.ops.guard import OutcomeKind
from tui.ops.proposal import Proposal
from tui.ops.resync_plan import keys_of
from tui.ops.resync_rest import RestFile
from tui.paths import shown

_IN_DOUBT = (OutcomeKind.UNKNOWN, OutcomeKind.FAILED)
_ON_ITS_WAY = "it was on its way when this was written"


class RunRests:
    """The files of one run: one for each source with several calls."""

    def __init__(self, planned: Sequence[Planned], now: datetime) -> None:
        """Nothing is written yet."""
        self._planned = planned
        sources = dict.fromkeys(one.result.id for one in planned if one.follows)
        self._files = {source: RestFile(now) for source in sources}

    def begin(self, results: Sequence[Result]) -> str:
        """Write every file before the first call; why nothing may go out, or empty."""
        refusals = [self._write(source, results) for source in self._files]
        refusal = next(filter(None, refusals), "")
        if refusal:
            for file in self._files.values():
                file.write((), (), is_over=True)
        return refusal

    @property
    def told(self) -> Iterator[str]:
        """Where the files are, while they are needed."""
        for file in self._files.values():
            if file.path is not None:
                yield f"keys that are not sent yet are kept in {shown(file.path)} until all are"

    def before(self, place: int, results: Sequence[Result]) -> str:
        """Bring the file in line before the call at `place`; why it may not go out, or empty."""
        source = self._planned[place].result.id
        return self._write(source, results, place) if source in self._files else ""

    def end(self, results: Sequence[Result]) -> Iterator[str]:
        """Bring every file in line once all is over, and say what is left where."""
        for source, file in self._files.items():
            self._write(source, results, is_over=True)
            unsent = self._unsent(source, results)
            said = file.told_of(unsent)
            if said:
                yield f"{said}: {_again(unsent[0], file)}" if file.path and not file.trouble else said

    def _write(
        self,
        source: str | None,
        results: Sequence[Result],
        under_way: int | None = None,
        *,
        is_over: bool = False,
    ) -> str:
        file = self._files[source]
        lines = [
            _told(one, results[place], is_under_way=place == under_way)
            for place, one in enumerate(self._planned)
            if one.result.id == source
        ]
        file.write(lines, self._unsent(source, results, under_way), is_over=is_over)
        return file.refusal

    def _unsent(
        self, source: str | None, results: Sequence[Result], under_way: int | None = None
    ) -> Sequence[Proposal]:
        return [
            one.proposal
            for place, one in enumerate(self._planned)
            if one.result.id == source and place != under_way and _is_rest(results[place])
        ]


def _again(first: Proposal, file: RestFile) -> str:
    """How the keys of a file are sent."""
    place = "" if file.path is None else shown(file.path)
    if isinstance(first.write, ForceResyncExternal):
        return f"--set external=@{place} --set actor_type={first.write.actor_type} sends them"
    return f"--set keys=@{place} sends them"


def _is_rest(result: Result) -> bool:
    return result.result in (NOT_SENT, OutcomeKind.REFUSED) or result.did_nothing


def _told(one: Planned, result: Result, *, is_under_way: bool) -> str:
    if is_under_way:
        result = result.became(OutcomeKind.UNKNOWN, _ON_ITS_WAY, result.code)
    keys = f" · {compressed(keys_of(one.proposal))}" if result.result in _IN_DOUBT else ""
    return line(as_line(result)) + keys
