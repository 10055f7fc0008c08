"""What became of a write, in one word: the same in every screen, on the command line, in JSON and in
the audit trail."""

from enum import StrEnum


class Result(StrEnum):
    """How a write ended."""

    APPLIED = "applied"
    """Confirmed: the effect was seen, or the response reports it as done."""
    ACCEPTED = "accepted"
    """The server took it; the effect was not seen, or not yet."""
    UNCHANGED = "unchanged"
    """The target has all of it already: nothing was sent."""
    NOT_APPLIED = "not applied"
    """The effect was looked for and is absent, all of it or a part."""
    FAILED = "failed"
    """It was rejected, or did not reach the server."""
    REFUSED = "refused"
    """Nothing was sent: a rule of ours forbids it."""
    CONFLICT = "conflict"
    """Nothing was sent: the target is no longer what the operator saw."""
    UNKNOWN = "unknown"
    """The response was lost or cannot be understood, and no look at the target could tell."""
    NOT_SENT = "not sent"
    """It was withdrawn, or its turn never came."""

    @property
    def is_success(self) -> bool:
        """Whether nothing went wrong; the effect of an accepted one may still be missing."""
        return self in (Result.APPLIED, Result.ACCEPTED, Result.UNCHANGED)

    @property
    def may_have_effect(self) -> bool:
        """Whether something may have changed, or may still change."""
        return self in (Result.APPLIED, Result.ACCEPTED, Result.UNKNOWN)

    @property
    def nothing_sent(self) -> bool:
        """Whether no request went out."""
        return self in (Result.REFUSED, Result.CONFLICT, Result.NOT_SENT, Result.UNCHANGED)


def told(result: Result, sentence: str) -> str:
    """The sentence, with the word in front where it does not say it itself."""
    if not sentence:
        return result.value
    said = sentence.partition("\n")[0]
    return sentence if result.value in said and result is not Result.FAILED else f"{result}: {sentence}"
