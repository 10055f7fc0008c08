"""What was asked of the engine in this session, and what became of each."""

from tests.drivers.fake_time import START
from tui.domain.result import Result
from tui.domain.writes import ChangeEngineInterval, ChangeEngineStatus, ForceResync, SyncAll, Write
from tui.ops.execution.engine_requests import EngineRequests
from tui.ops.execution.outcome import Outcome


def asked(requests: EngineRequests, write: Write) -> int:
    number = requests.sent(write, START)
    assert number is not None
    return number


def ended(kind: Result, sentence: str) -> Outcome:
    return Outcome(kind, sentence, "", START)


def fates(requests: EngineRequests) -> list[tuple[str, str]]:
    return [(one.word, one.fate) for one in requests.all()]


def test_each_is_named_and_open_until_its_answer_came() -> None:
    requests = EngineRequests()
    for write in (ChangeEngineInterval("00:15:00"), SyncAll(), SyncAll(forced=True)):
        asked(requests, write)
    assert [one.is_open for one in requests.all()] == [True] * 3
    for number in (1, 2, 3):
        requests.answered(number, ended(Result.APPLIED, "applied"), None)
    assert fates(requests) == [
        ("interval 15m", "applied"),
        ("sync all", "applied"),
        ("force sync all", "applied"),
    ]
    assert not any(one.is_open for one in requests.all())


def test_a_stop_is_awaited_until_it_is_seen() -> None:
    requests = EngineRequests()
    stop = asked(requests, ChangeEngineStatus(run=False))
    assert (requests.awaited, len(fates(requests))) == (None, 1)
    requests.answered(stop, ended(Result.ACCEPTED, "accepted by SuperOffice"), awaits=False)
    assert (requests.awaited, fates(requests)) == (
        False,
        [("stop requested", "accepted, no effect seen yet")],
    )
    requests.became(stop, "now stopped")
    assert (requests.awaited, fates(requests)) == (None, [("stop requested", "now stopped")])


def test_a_later_request_takes_the_place_of_one_that_is_awaited() -> None:
    requests = EngineRequests()
    stop = asked(requests, ChangeEngineStatus(run=False))
    requests.answered(stop, ended(Result.ACCEPTED, "accepted by SuperOffice"), awaits=False)
    start = asked(requests, ChangeEngineStatus(run=True))
    requests.answered(start, ended(Result.UNKNOWN, "the response was\nlost"), awaits=True)
    assert requests.awaited is True
    assert fates(requests) == [
        ("stop requested", "overtaken"),
        ("start requested", "unknown: the response was lost"),
    ]


def test_what_was_not_sent_was_not_asked_and_what_failed_says_so() -> None:
    requests = EngineRequests()
    refused, failed = (asked(requests, ChangeEngineStatus(run=True)) for _ in range(2))
    requests.answered(refused, ended(Result.CONFLICT, "nothing was sent"), None)
    requests.answered(failed, ended(Result.FAILED, "it answered 500"), None)
    assert fates(requests) == [("start requested", "failed: it answered 500")]


def test_what_is_not_the_engines_is_no_request_of_it() -> None:
    requests = EngineRequests()
    assert requests.sent(ForceResync(0), START) is None
    assert requests.all() == ()


def test_of_very_many_those_that_ended_first_are_forgotten() -> None:
    requests = EngineRequests()
    stop = asked(requests, ChangeEngineStatus(run=False))
    requests.answered(stop, ended(Result.ACCEPTED, "accepted by SuperOffice"), awaits=False)
    for _ in range(2_000):
        number = asked(requests, SyncAll())
        requests.answered(number, ended(Result.APPLIED, "applied"), None)
    assert len(requests.all()) <= 500
    assert requests.awaited is False
    requests.became(stop, "now stopped")
    assert fates(requests)[0] == ("stop requested", "now stopped")
