"""What was observed of the engine tells since when it is so, and what changed last."""

from datetime import UTC, datetime, timedelta

from tui.domain.intervals import NOT_REPORTED
from tui.domain.superoffice.engine import EngineObservation, EngineStatus, last_change, state_since

START = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def seen(*observations: tuple[str, str]) -> list[EngineObservation]:
    """(word, message), a minute apart."""
    return [
        EngineObservation(START + timedelta(minutes=place), word, message)
        for place, (word, message) in enumerate(observations)
    ]


def test_nothing_was_seen_yet() -> None:
    assert state_since([]) is None
    assert last_change([]) == last_change(seen(("running", "Idle"))) == ""


def test_a_state_is_dated_by_the_first_of_its_observations_without_a_break() -> None:
    story = seen(("running", "a"), ("stopped", "b"), ("running", "c"), ("running", "d"))
    assert state_since(story) == START + timedelta(minutes=2)
    assert state_since(story[:1]) == START


def test_a_time_without_an_answer_breaks_a_state() -> None:
    story = seen(("running", "a"), ("unknown", "timeout"), ("running", "a"))
    assert state_since(story) == START + timedelta(minutes=2)
    assert last_change(story) == "unknown → running"


def test_another_message_is_a_change_too() -> None:
    assert last_change(seen(("running", "a"), ("running", "b"))) == "the message"


def test_state_and_message_are_told_on_one_line() -> None:
    assert EngineStatus(True, "Idle,\nlast sync", NOT_REPORTED).summary == "running: Idle, last sync"
    assert EngineStatus(False, None, NOT_REPORTED).summary == "stopped"
    assert EngineStatus(None, "running", NOT_REPORTED).summary == "unknown: running"
