"""Which keys of a resync in several calls are not sent yet, kept as a key file before the first call.

Invariant: whenever a call is sent, the file of its source holds as keys exactly those not sent yet, and
the call itself as unknown. Where the file cannot be written, nothing is sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from tui.domain.result import Result
from tui.domain.superoffice.resync_keys import compressed
from tui.domain.writes import ForceResyncExternal
from tui.headless.output import line
from tui.headless.run.plan import PlannedTarget
from tui.headless.run.results import NOT_SENT, RunResult, as_line
from tui.ops.execution.resync_remainder import RestFile
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import count_of, keys_of
from tui.paths import shown

_IN_DOUBT = (Result.UNKNOWN, Result.FAILED)
_ON_ITS_WAY = "it was on its way when this was written"


class RunRests:
    """The files of one run: one for each source with several calls, or that of the rest it sends."""

    def __init__(
        self, planned: Sequence[PlannedTarget], now: datetime, resumed: Mapping[str, Path]
    ) -> None:
        """`resumed`: the files of the rest that it sends, by their sources."""
        self._planned = planned
        sources = [one.result.id or "" for one in planned if one.follows or one.result.id in resumed]
        self._files = {source: RestFile(now, resumed.get(source)) for source in dict.fromkeys(sources)}

    def begin(self, results: Sequence[RunResult]) -> str:
        """Write every file before the first call; why nothing may be sent, or empty."""
        refusals = [self._write(source, results) for source in self._files]
        refusal = next(filter(None, refusals), "")
        if refusal:
            for file in self._files.values():
                file.withdraw()
        return refusal

    @property
    def messages(self) -> Iterator[str]:
        """Where the files are, while they are needed."""
        for file in self._files.values():
            if file.path is not None:
                yield f"unsent keys are kept in {shown(file.path)} until all are sent"

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(str(file.path) for file in self._files.values() if file.path is not None)

    def before(self, place: int, results: Sequence[RunResult]) -> str:
        """Update the file before the call at `place`; why the call may not be sent, or empty."""
        source = self._planned[place].result.id or ""
        return self._write(source, results, place) if source in self._files else ""

    def end(self, results: Sequence[RunResult]) -> Iterator[str]:
        """Update every file at the end, and report what is left where."""
        for source, file in self._files.items():
            self._write(source, results, is_over=True)
            unsent = self._unsent(source, results)
            message = file.summary(unsent)
            if message:
                yield (
                    f"{message}: {_again(unsent[0], file)}"
                    if file.path and not file.trouble
                    else message
                )

    def keys_left(self, results: Sequence[RunResult]) -> int:
        return sum(count_of(self._unsent(source, results)) for source in self._files)

    def _write(
        self,
        source: str,
        results: Sequence[RunResult],
        under_way: int | None = None,
        *,
        is_over: bool = False,
    ) -> str:
        file = self._files[source]
        lines = [
            _reported(one, results[place], is_under_way=place == under_way)
            for place, one in enumerate(self._planned)
            if one.result.id == source
        ]
        file.write(lines, self._unsent(source, results, under_way), is_over=is_over)
        return file.refusal

    def _unsent(
        self, source: str, results: Sequence[RunResult], under_way: int | None = None
    ) -> Sequence[Proposal]:
        return [
            one.proposal
            for place, one in enumerate(self._planned)
            if one.result.id == source and place != under_way and _is_rest(results[place])
        ]


def _again(first: Proposal, file: RestFile) -> str:
    """How to send the keys of a file."""
    place = "" if file.path is None else shown(file.path)
    if isinstance(first.write, ForceResyncExternal):
        return f"--set external=@{place} --set actor_type={first.write.actor_type} sends them"
    return f"--set keys=@{place} sends them"


def _is_rest(result: RunResult) -> bool:
    return result.result in (NOT_SENT, Result.REFUSED) or result.did_nothing


def _reported(one: PlannedTarget, result: RunResult, *, is_under_way: bool) -> str:
    if is_under_way:
        result = result.became(Result.UNKNOWN, _ON_ITS_WAY, result.code)
    keys = f" · {compressed(keys_of(one.proposal))}" if result.result in _IN_DOUBT else ""
    return line(as_line(result)) + keys
