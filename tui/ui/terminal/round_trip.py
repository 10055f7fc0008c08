"""How long the terminal takes to respond: the round trip of the last query."""

_asked_at: float | None = None
_measured: float | None = None


def asked(at: float) -> None:
    """A query was sent, by the monotonic clock."""
    global _asked_at
    _asked_at = at


def answered(at: float) -> None:
    """Its response arrived."""
    global _asked_at, _measured
    if _asked_at is not None:
        _measured = at - _asked_at
    _asked_at = None


def measured() -> float | None:
    """Seconds of the last round trip; None: none was measured."""
    return _measured
