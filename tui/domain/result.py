"""The result of a write in one word: the same in every screen, on the command line, in JSON and in the
audit trail."""

from enum import StrEnum


class Result(StrEnum):
    APPLIED = "applied"
    """Confirmed: the effect was observed, or the response reports it as done."""
    ACCEPTED = "accepted"
    """The server took the command; the effect was not observed, or not yet."""
    UNCHANGED = "unchanged"
    """The target already has all of it: nothing was sent."""
    NOT_APPLIED = "not applied"
    """The effect was looked for and is absent, all of it or a part."""
    FAILED = "failed"
    """It was rejected, or did not reach the server."""
    REFUSED = "refused"
    """Nothing was sent: a rule of ours forbids it."""
    CONFLICT = "conflict"
    """Nothing was sent: the target is no longer what the operator saw."""
    UNKNOWN = "unknown"
    """The response was lost or is unreadable, and reading the target gave no answer."""
    NOT_SENT = "not sent"
    """It was withdrawn, or never reached its turn."""

    @property
    def is_success(self) -> bool:
        """Whether nothing went wrong; an accepted write may still have no effect."""
        return self in (Result.APPLIED, Result.ACCEPTED, Result.UNCHANGED)

    @property
    def may_have_effect(self) -> bool:
        """Whether it changed something, or may still do so."""
        return self in (Result.APPLIED, Result.ACCEPTED, Result.UNKNOWN)

    @property
    def nothing_sent(self) -> bool:
        return self in (Result.REFUSED, Result.CONFLICT, Result.NOT_SENT, Result.UNCHANGED)


def with_result(result: Result, sentence: str) -> str:
    """The sentence, prefixed with the result's word unless it contains it."""
    if not sentence:
        return result.value
    first_line = sentence.partition("\n")[0]
    return (
        sentence
        if result.value in first_line and result is not Result.FAILED
        else f"{result}: {sentence}"
    )
