"""Exit codes and states of one-shot commands. Pure: a failure has one state, a state one code."""

from collections.abc import Iterable
from enum import StrEnum

from tui.api.errors import (
    Absent,
    CredentialFailed,
    ErpError,
    Forbidden,
    LicenceRequired,
    NotAuthorised,
    ServerFailed,
    Throttled,
    TimedOut,
    TlsFailed,
    Unreachable,
)

HEALTHY = 0
ATTENTION = 1
UNUSABLE = 2
"""Wrong usage or configuration."""
UNREACHABLE = 3
NOT_RECORDED = 3
"""Of `history`: nothing was recorded then."""
UNAUTHORISED = 4
BAD_ANSWER = 5
NOT_WRITTEN = 74
"""What was to be kept could not be written."""

_WORST_FIRST = (UNAUTHORISED, UNREACHABLE, BAD_ANSWER, UNUSABLE, ATTENTION, HEALTHY)


class SystemState(StrEnum):
    """How reading a system went, as `--json` writes it."""

    OK = "ok"
    UNREACHABLE = "unreachable"
    UNAUTHORISED = "unauthorised"
    BAD_ANSWER = "bad_answer"
    ABSENT = "absent"

    @property
    def code(self) -> int:
        """The exit code that the state alone leads to."""
        return _CODES[self]


_CODES = {
    SystemState.OK: HEALTHY,
    SystemState.ABSENT: HEALTHY,
    SystemState.UNREACHABLE: UNREACHABLE,
    SystemState.UNAUTHORISED: UNAUTHORISED,
    SystemState.BAD_ANSWER: BAD_ANSWER,
}


def state_of(error: ErpError | None) -> SystemState:
    """The state of a system after this failure, or after none."""
    match error:
        case None:
            return SystemState.OK
        case Absent():
            return SystemState.ABSENT
        case NotAuthorised() | Forbidden() | LicenceRequired() | CredentialFailed():
            return SystemState.UNAUTHORISED
        case Unreachable() | TimedOut() | TlsFailed() | Throttled() | ServerFailed():
            return SystemState.UNREACHABLE
        case _:
            return SystemState.BAD_ANSWER


def worst(codes: Iterable[int]) -> int:
    """The code that wins: 4, then 3, 5, 2, 1, 0."""
    return min(codes, key=_WORST_FIRST.index, default=HEALTHY)


def gravest(errors: Iterable[ErpError]) -> ErpError | None:
    """The first failure with the winning code; None where there is none."""
    return min(errors, key=lambda error: _WORST_FIRST.index(state_of(error).code), default=None)
