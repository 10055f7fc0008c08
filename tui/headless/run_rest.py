"""What a resync in several calls left unsent, kept as a key file, so that it can be resumed."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tui.domain.resync_keys import compressed, counted
from tui.headless.output import line
from tui.headless.run_plan import Planned
from tui.headless.run_results import NOT_SENT, Result, as_line
from tui.ops.guard import OutcomeKind
from tui.ops.resync_plan import keys_of
from tui.ops.resync_rest import save_rest
from tui.paths import shown

_IN_DOUBT = (OutcomeKind.UNKNOWN, OutcomeKind.FAILED)


def saved_rests(planned: Sequence[Planned], results: Sequence[Result], now: datetime) -> Iterator[str]:
    """Write a file for each source with calls left, and say where; what cannot be written is said."""
    each = tuple(zip(planned, results, strict=True))
    for id_ in dict.fromkeys(one.result.id for one in planned if one.follows):
        of_source = [(one, result) for one, result in each if one.result.id == id_]
        unsent = [one.proposal for one, result in of_source if _is_rest(result)]
        if not unsent or len(unsent) == len(of_source):
            continue
        keys = counted(sum(len(keys_of(one)) for one in unsent), "key")
        try:
            path = save_rest((_told(*pair) for pair in of_source), unsent, now)
        except OSError as failure:
            yield f"{keys} were not sent, and could not be written to a file: {failure.strerror}"
        else:
            yield f"{keys} were not sent and are kept in {shown(path)}: --set file=… sends them"


def _is_rest(result: Result) -> bool:
    return result.result is NOT_SENT or result.did_nothing


def _told(one: Planned, result: Result) -> str:
    keys = f" · {compressed(keys_of(one.proposal))}" if result.result in _IN_DOUBT else ""
    return line(as_line(result)) + keys
