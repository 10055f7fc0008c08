"""Reading the audit trail: entries joined, broken lines counted, nothing fatal, nothing inferred."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drivers.fake_time import START
from tests.ops.commands import COMMANDS, operation_for
from tui.api.receipts import Receipt
from tui.domain.result import Result
from tui.domain.writes import ConfigureWorker, FieldChange, PushManifest, UpdateExtension, Write
from tui.ops.audit.entries import Entry, History, Standing
from tui.ops.audit.file_trail import AuditTrail, FileTrail, MemoryTrail
from tui.ops.audit.process_mark import is_alive
from tui.ops.audit.record import Attempt, Ending, Finding
from tui.ops.audit.trail_reader import read_trail

NOBODY = 2**22 + 1
"""A number that no process has: above the most that Linux gives."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "audit" / "acme.jsonl"


def attempt(write: Write = COMMANDS[0], at: Any = START) -> Attempt:
    change = FieldChange("Interval", "5m", "10m")
    return Attempt(at, "acme", "production", operation_for(write).id, write, (change,), "Temu DE")


def told(trail: AuditTrail, *endings: str | None) -> list[str]:
    """Note an attempt a second with these results; None has no outcome. The ids."""

    async def note() -> list[str]:
        ids = []
        for second, result in enumerate(endings):
            at = START + timedelta(seconds=second)
            ids.append(await trail.attempt(attempt(at=at)))
            if result is not None:
                ending = Ending(at, Result(result), f"it was {result}", 504, "req-7")
                await trail.outcome(ids[-1], ending)
        return ids

    return asyncio.run(note())


def line(**fields: Any) -> str:
    """An attempt as another process on this host wrote it."""
    record = {
        "record": "attempt",
        "id": "a",
        "time": "2026-03-01T03:00:00.000Z",
        "operation": "worker.start",
        "host": socket.gethostname(),
        "pid": NOBODY,
        "targets": ["a1"],
        "sent": {"action": "start"},
    }
    return json.dumps(record | fields) + "\n"


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines))
    return path


def only(history: History) -> Entry:
    (entry,) = history.entries
    return entry


@pytest.fixture(params=["file", "memory"])
def trail(request: pytest.FixtureRequest, path: Path) -> AuditTrail:
    return FileTrail(path) if request.param == "file" else MemoryTrail()


def test_attempt_and_outcome_are_one_entry(trail: AuditTrail) -> None:
    told(trail, "unknown")
    entry = only(asyncio.run(trail.entries(10)))
    assert (entry.operation, entry.targets, entry.target) == ("worker.configure", ("a1",), "Temu DE")
    assert (entry.at, entry.ended_at) == (START, START)
    assert (entry.before, entry.after) == ({"Interval": "5m"}, {"Interval": "10m"})
    assert (entry.result, entry.sentence) == ("unknown", "it was unknown")
    assert (entry.status, entry.request_id) == (504, "req-7")
    assert (entry.profile, entry.environment) == ("acme", "production")
    assert (entry.host, entry.pid) == (socket.gethostname(), os.getpid())
    assert [record["record"] for record in entry.records] == ["attempt", "outcome"]


def test_entries_come_newest_first(trail: AuditTrail) -> None:
    ids = told(trail, "applied", None, "failed")
    assert [entry.id for entry in asyncio.run(trail.entries(10)).entries] == ids[::-1]


def test_a_check_is_kept_with_its_entry_and_settles_it(trail: AuditTrail) -> None:
    lost, missing, open_still = told(trail, "unknown", None, "unknown")

    async def check() -> History:
        await trail.check(lost, Finding(START, Result.APPLIED, "the interval is 10m"))
        await trail.check(missing, Finding(START, Result.NOT_APPLIED, "the interval is 5m"))
        await trail.check(open_still, Finding(START, Result.UNKNOWN, "the sync is gone"))
        return await trail.entries(10)

    history = asyncio.run(check())
    later = START + timedelta(hours=1)
    standing = {entry.id: history.standing(entry, later) for entry in history.entries}
    assert standing == {
        lost: Standing.APPLIED,
        missing: Standing.NOT_APPLIED,
        open_still: Standing.UNKNOWN,
    }
    assert [one.sentence for entry in history.entries for one in entry.checks] == [
        "the sync is gone",
        "the interval is 5m",
        "the interval is 10m",
    ]
    assert history.without_outcome(later) == ()


@pytest.mark.parametrize(("seconds", "looked_again"), [(119, True), (120, False)])
def test_a_look_while_the_request_may_be_under_way_is_not_the_last(
    trail: AuditTrail, seconds: int, looked_again: bool
) -> None:
    (lost,) = told(trail, "unknown")
    seen = Finding(START + timedelta(seconds=seconds), Result.UNKNOWN, "Interval is 5m, as before")
    asyncio.run(trail.check(lost, seen))
    read = asyncio.run(trail.entries(10))
    history = History(read.entries)  # As the next console reads it: it made none of them.
    assert bool(history.unsettled(START + timedelta(hours=1))) is looked_again


def test_what_no_look_can_tell_is_looked_at_once(trail: AuditTrail) -> None:
    async def note() -> History:
        key = await trail.attempt(attempt(PushManifest("e1", b"{}", b"signed")))
        await trail.outcome(key, Ending(START, Result.UNKNOWN, "it was lost"))
        await trail.check(key, Finding(START, Result.UNKNOWN, "a manifest cannot be read back"))
        return await trail.entries(10)

    history = History(asyncio.run(note()).entries)
    assert history.unsettled(START + timedelta(hours=1)) == ()


@pytest.mark.parametrize("result", Result)
def test_an_outcome_stands_as_the_word_that_every_face_says(trail: AuditTrail, result: Result) -> None:
    told(trail, result.value)
    entry = only(asyncio.run(trail.entries(10)))
    assert (entry.result, entry.write) == (result, COMMANDS[0])
    assert History((entry,)).standing(entry, START).value == result.value


@pytest.mark.parametrize(
    ("result", "found", "standing"),
    [
        ("accepted", "applied", "applied"),
        ("accepted", "not applied", "not applied"),
        ("accepted", "unknown", "accepted"),
        ("not applied", "applied", "applied"),
        ("not applied", "unknown", "not applied"),
        ("unknown", "accepted", "accepted"),
        ("failed", "not applied", "failed"),
        ("failed", "unknown", "failed"),
        ("failed", "applied", "unknown"),
        ("applied", "not applied", "applied"),
        ("refused", "applied", "refused"),
    ],
)
def test_a_look_settles_what_the_answer_left_open(
    path: Path, result: str, found: str, standing: str
) -> None:
    looked = line(record="check", result=found, sentence="seen")
    write(path, line(), line(record="outcome", result=result), looked)
    history = read_trail(path, 10)
    assert history.standing(only(history), START).value == standing


@pytest.mark.parametrize("accepted_as", ["handed over", "requested", "queued"])
def test_l9_what_older_versions_only_handed_over_reads_as_accepted(path: Path, accepted_as: str) -> None:
    write(path, line(), line(record="outcome", result="applied", accepted_as=accepted_as))
    history = read_trail(path, 10)
    assert history.broken == ()
    assert only(history).result is Result.ACCEPTED
    assert history.standing(only(history), START) is Standing.ACCEPTED


@pytest.mark.parametrize(
    ("word", "standing"), [("as asked", Standing.APPLIED), ("as before", Standing.NOT_APPLIED)]
)
def test_l9_what_older_versions_found_late_reads_as_the_words_of_today(
    path: Path, word: str, standing: Standing
) -> None:
    looked = line(record="check", result=word, sentence="Interval is 5m")
    write(path, line(), line(record="outcome", result="unknown"), looked)
    history = read_trail(path, 10)
    assert history.broken == ()
    assert history.standing(only(history), START) is standing


def test_t11_every_response_on_the_way_is_kept(trail: AuditTrail) -> None:
    on_the_way = (Receipt("POST", "/token", 200), Receipt("PUT", "/v1/workers/a1", 204, "req-9"))

    async def note() -> History:
        key = await trail.attempt(attempt())
        ending = Ending(START, Result.ACCEPTED, "accepted", 204, "req-9", on_the_way)
        await trail.outcome(key, ending)
        return await trail.entries(10)

    entry = only(asyncio.run(note()))
    assert (entry.status, entry.request_id, entry.responses) == (204, "req-9", on_the_way)


def test_an_outcome_of_an_older_version_reads_as_it_was_written(path: Path) -> None:
    write(path, line(), line(record="outcome", result="applied", sentence="requested"))
    history = read_trail(path, 10)
    assert history.broken == ()
    assert history.standing(only(history), START) is Standing.APPLIED


def test_a_trail_that_does_not_exist_yet_is_empty(path: Path) -> None:
    assert read_trail(path, 10) == History()


def test_a_trail_that_cannot_be_read_is_an_os_error(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(OSError, match=r"acme\.jsonl"):
        read_trail(path, 10)


# Broken lines.


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"record":"att', "not JSON: cut short, as by a crash"),
        ("{nonsense}\n", "not JSON"),
        ("[" * 100_000 + "\n", "not JSON: cut short, as by a crash"),
        (line().replace('"start"', "NaN"), "not JSON"),
        (line().replace('"start"', "1e999"), "not JSON"),
        ("[1, 2]\n", "not a record"),
        ('"attempt"\n', "not a record"),
        (line(record="order"), "a record of an unknown kind"),
        (line(record="outcome", id="b", result="applied"), "an outcome without its attempt"),
        (line(record="check", id="b", result="applied", sentence=""), "a check without its attempt"),
        (line(id=None), "it has no id"),
        (line(time="soon"), "its time is not a time with an offset"),
        (line(time="2026-03-01T03:00:00"), "its time is not a time with an offset"),
        (line(targets="a1"), "its targets are not a list of texts"),
        (line(sent=["start"]), "its sent is not a table"),
        (line(pid="12"), "its pid is not a whole number"),
        (line(user=7), "its user is not a text"),
    ],
    ids=lambda text: text.strip()[:40],
)
def test_a_broken_line_is_kept_with_its_number_and_reason(path: Path, text: str, reason: str) -> None:
    history = read_trail(write(path, line(id="first"), text), 10)
    assert [(one.line, one.reason) for one in history.broken] == [(2, reason)]
    assert only(history).id == "first"


def test_what_follows_a_torn_line_is_read(path: Path) -> None:
    write(path, '{"record":"att')
    told(FileTrail(path), "applied")
    history = read_trail(path, 10)
    assert [one.line for one in history.broken] == [1]
    assert (only(history).result, only(history).line) == ("applied", 2)


def test_an_outcome_with_an_unknown_result_leaves_its_attempt_without_one(path: Path) -> None:
    history = read_trail(write(path, line(), line(record="outcome", result="maybe")), 10)
    assert [one.reason for one in history.broken] == ["its result is unknown: maybe"]
    assert only(history).result is None


def test_the_first_outcome_counts(path: Path) -> None:
    outcomes = [line(record="outcome", result=result) for result in ("failed", "applied")]
    history = read_trail(write(path, line(), *outcomes), 10)
    assert only(history).result == "failed"
    assert [one.reason for one in history.broken] == ["a second outcome of the same attempt"]


@pytest.mark.parametrize("ended", [False, True], ids=["open", "closed"])
def test_a_second_attempt_of_an_id_is_none(path: Path, ended: bool) -> None:
    outcome = [line(record="outcome", result="applied")] if ended else []
    history = read_trail(write(path, line(), *outcome, line(operation="worker.stop")), 10)
    assert [one.reason for one in history.broken] == ["a second attempt of the same id"]
    assert only(history).operation == "worker.start"
    assert only(history).result == ("applied" if ended else None)


def test_lines_that_are_no_text_or_endless_are_broken_ones(path: Path) -> None:
    write(path)
    path.write_bytes(b"\xff\xfe\n" + b"x" * 9_000_000 + b"\n\n" + line().encode())
    history = read_trail(path, 10)
    assert [(one.line, one.reason) for one in history.broken] == [
        (1, "not UTF-8 text"),
        (2, "longer than 4,000,000 bytes"),
    ]
    assert only(history).line == 4


def test_many_broken_lines_are_counted_and_not_all_held(path: Path) -> None:
    history = read_trail(write(path, *["nonsense\n"] * 1_200), 10)
    assert (len(history.broken), history.more_broken) == (1_000, 200)


@given(st.lists(st.binary(max_size=60) | st.sampled_from([b"\n", b"{", b'{"record":"attempt"', b"}"])))
def test_no_bytes_end_the_reading(tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(b"".join(parts) + b"\n" + line().encode())
    history = read_trail(path, 10)
    assert "a" in [entry.id for entry in history.entries]


def test_hostile_text_is_made_harmless(path: Path) -> None:
    hostile = "Temu\x1b]0;pwned\x07\u202e"
    history = read_trail(
        write(path, line(target_names=[hostile], before={hostile: hostile}, user=hostile)), 10
    )
    entry = only(history)
    texts = [entry.target, entry.user, *entry.before, *entry.before.values(), str(entry.records)]
    assert all(text.isprintable() for text in texts)


# Long trails.


def test_of_a_long_trail_the_newest_are_held_and_the_others_counted(trail: AuditTrail) -> None:
    ids = told(trail, *["applied"] * 8)
    history = asyncio.run(trail.entries(3))
    assert [entry.id for entry in history.entries] == ids[:-4:-1]
    assert (history.left_out, history.broken) == (5, ())


def test_what_has_no_outcome_is_held_however_old_it_is(path: Path) -> None:
    missing, *_ = told(FileTrail(path), None, *["applied"] * 8)
    history = read_trail(path, 3)
    assert history.entries[-1].id == missing
    assert history.left_out == 5


def test_only_what_is_new_enough_is_read(path: Path) -> None:
    ids = told(FileTrail(path), "applied", None, "applied", None)
    history = read_trail(path, 10, since=START + timedelta(seconds=2))
    assert [entry.id for entry in history.entries] == [ids[3], ids[2]]
    assert history.left_out == 0


# Without outcome.


def standing_of(path: Path, now: Any = START, **fields: Any) -> Standing:
    history = read_trail(write(path, line(**fields)), 10)
    return history.standing(only(history), now)


def test_an_attempt_of_a_process_that_is_gone_is_without_outcome(path: Path) -> None:
    assert standing_of(path) is Standing.NO_OUTCOME


def test_an_attempt_of_a_process_that_runs_is_in_flight_for_five_minutes(path: Path) -> None:
    runs = {"pid": os.getppid()}
    assert standing_of(path, **runs) is Standing.IN_FLIGHT
    assert standing_of(path, START + timedelta(minutes=5), **runs) is Standing.NO_OUTCOME


def test_of_another_host_nothing_is_known(path: Path) -> None:
    assert standing_of(path, pid=os.getppid(), host="elsewhere") is Standing.NO_OUTCOME


def test_an_older_version_noted_no_process(path: Path) -> None:
    assert standing_of(path, pid=None) is Standing.NO_OUTCOME


def test_a_number_that_this_process_has_now_was_another_one_then(path: Path) -> None:
    assert standing_of(path, pid=os.getpid()) is Standing.NO_OUTCOME


def test_what_this_process_sends_is_in_flight(trail: AuditTrail) -> None:
    told(trail, None)
    history = asyncio.run(trail.entries(10))
    assert history.standing(only(history), START) is Standing.IN_FLIGHT
    assert history.without_outcome(START) == ()
    assert history.without_outcome(START + timedelta(minutes=6)) == history.entries


def test_what_has_an_outcome_is_not_in_flight_though_a_process_of_that_id_lives() -> None:
    sent = Entry("a", START, "worker.start", 1, host=socket.gethostname(), pid=os.getppid())
    assert History().is_in_flight(sent, START)
    assert not History().is_in_flight(replace(sent, result=Result.FAILED), START)


# Back to the command.


@pytest.mark.parametrize("command", COMMANDS, ids=lambda write: operation_for(write).id)
def test_a_command_comes_back_as_it_was_sent_or_not_at_all(trail: AuditTrail, command: Write) -> None:
    asyncio.run(trail.attempt(attempt(command)))
    entry = only(asyncio.run(trail.entries(10)))
    assert entry.write == (None if isinstance(command, PushManifest) else command)


def test_a_toggle_comes_back_as_well(path: Path) -> None:
    toggled = line(operation="extension.toggle", targets=["e1"], sent={"status": 0})
    assert only(read_trail(write(path, toggled), 10)).write == UpdateExtension("e1", status=0)


@pytest.mark.parametrize(
    "options",
    [(("o1", "a\x1bb"),), (("o\t1", "a"),), (("o1", "\ufffd"),)],
    ids=["value", "name", "lost"],
)
def test_a_text_that_cannot_be_shown_as_it_was_sent_is_not_sent_again(
    trail: AuditTrail, options: tuple[tuple[str, str], ...]
) -> None:
    asyncio.run(trail.attempt(attempt(ConfigureWorker("a1", None, options))))
    assert only(asyncio.run(trail.entries(10))).write is None


@pytest.mark.parametrize(
    "fields",
    [
        {"operation": "worker.launch"},
        {"sent": {}},
        {"sent": {"action": "stop"}},
        {"targets": []},
        {"targets": ["a1", "a2"]},
        {"operation": "engine.force-resync", "sent": {"keys": []}},
        {"operation": "engine.force-resync", "targets": ["seven"], "sent": {"keys": "everything"}},
        {"operation": "extension.update", "sent": {"status": "2"}},
        {"operation": "worker.configure", "sent": {"options": {"o1": 5}}},
        {"operation": "extension.create", "sent": {"version": "1"}},
    ],
    ids=str,
)
def test_a_record_that_does_not_hold_all_of_a_command_gives_none(
    path: Path, fields: dict[str, Any]
) -> None:
    assert only(read_trail(write(path, line(**fields)), 10)).write is None


def test_a_process_that_was_killed_and_not_taken_note_of_is_not_alive() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert is_alive(process.pid)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(process.pid)
    process.wait()
    assert process.stdin is not None
    process.stdin.close()
