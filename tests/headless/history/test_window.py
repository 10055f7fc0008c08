"""`syncdeck history`: what a window says, on top of a history in memory."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.headless.history.recorded_night import (
    ENGINE,
    FAILED,
    NOW,
    OK,
    START,
    TEMU,
    UP,
    at,
    changed,
    night,
    polls,
)
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Subject, SubjectKind
from tui.domain.result import Result
from tui.headless.history.command import HistoryRequest, run
from tui.headless.history.recorded import Recorded
from tui.headless.output import width
from tui.history.memory import MemoryHistory
from tui.ops.audit.entries import Entry

CONNECTION = Subject(SubjectKind.CONNECTION, "7", "Visma.net NO")
KEYS = "at kind id name from to level text by ref"
STARTED = Entry(
    "a-17",
    at(5.2),
    "worker.start",
    1,
    "anna",
    targets=(TEMU.key,),
    target_names=(TEMU.name,),
    result=Result.APPLIED,
)


class Shown:
    """What a request printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def history(capsys: pytest.CaptureFixture[str]) -> Any:
    def show(reader: HistoryReader | None = None, now: datetime = NOW, **more: Any) -> Shown:
        recorded = Recorded("sim", reader or night(), entries=lambda _since: [STARTED])
        code = run(HistoryRequest(**more), lambda: recorded, now)
        said = capsys.readouterr()
        return Shown(code, said.out, said.err)

    return show


def test_a_window_is_one_document_with_gaps_and_items_newest_first(history: Any) -> None:
    shown = history(as_json=True)
    found = shown.document
    assert (shown.code, shown.err) == (1, "")
    assert list(found) == ["schema", "profile", "since", "until", "complete", "gaps", "items"]
    assert (found["schema"], found["profile"]) == (1, "sim")
    assert (found["since"], found["until"]) == ("2026-11-30T00:00:00Z", "2026-11-30T08:00:00Z")
    assert found["complete"] == 0.95
    assert found["gaps"] == [
        {
            "from": "2026-11-30T01:00:00Z",
            "to": "2026-11-30T01:20:00Z",
            "reason": "nothing was recording",
        }
    ]
    assert all(list(item) == KEYS.split() for item in found["items"])
    times = [item["at"] for item in found["items"]]
    assert times == sorted(times, reverse=True)
    assert {(item["name"], item["from"], item["to"]) for item in found["items"] if item["to"]} == {
        ("Temu · Temu DE", "ok", "error"),
        ("Otto · Otto DE", "ok", "error"),
        ("Otto · Otto DE", "error", "ok"),
    }


def test_notes_and_actions_stand_among_the_changes(history: Any) -> None:
    items = history(as_json=True).document["items"]
    [note] = [item for item in items if item["kind"] == "note"]
    [action] = [item for item in items if item["kind"] == "action"]
    assert (note["text"], note["by"], note["id"]) == ("token renewed", "anna", None)
    assert (action["id"], action["by"], action["ref"]) == ("s-1", "anna", "a-17")


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (at(9.9), at(8), 0),
        (at(6.5), at(5.5), 1),
        # A failure that began before the window is one of the window as well.
        (at(4), NOW, 1),
        (at(7) + timedelta(minutes=2), at(7) + timedelta(minutes=18), 3),
        (at(30), at(20), 3),
    ],
    ids=["healthy", "a failure", "a failure from before", "a gap", "before all"],
)
def test_the_exit_code_says_whether_it_was_healthy(
    history: Any, since: datetime, until: datetime, code: int
) -> None:
    for as_json in (True, False):
        assert history(since=since, until=until, as_json=as_json).code == code


def test_a_window_of_which_nothing_was_seen_is_never_healthy(history: Any) -> None:
    shown = history(MemoryHistory(), as_json=True)
    assert shown.code == 3
    assert shown.document["complete"] == 0.0
    assert [item["kind"] for item in shown.document["items"]] == ["action"]
    assert [gap["reason"] for gap in shown.document["gaps"]] == ["nothing was recording"]
    assert "nothing was recorded then" in history(MemoryHistory()).out


def test_one_target_is_told_with_its_runs(history: Any) -> None:
    shown = history(target=("temu de",), since=at(10))
    first, runs, *_ = shown.out.splitlines()
    assert shown.code == 1
    assert first.startswith("Temu · Temu DE: error since 02:00 (6h) · before that 1 good run seen")
    assert runs == "  2 runs seen to end, 1 failed, the longest 6m"
    assert "Otto" not in shown.out.replace("also Otto", "")


def test_a_target_that_is_called_like_a_form_is_reached(history: Any) -> None:
    shown = history(target=("at",), as_json=True)
    assert shown.code == 0
    assert {item["kind"] for item in shown.document["items"]} <= {"note"}


def test_a_target_of_which_nothing_is_known_is_named_with_the_nearest(history: Any) -> None:
    shown = history(target=("Temu DX",))
    assert (shown.code, shown.out) == (2, "")
    assert "there is no record of 'Temu DX': did you mean Temu · Temu DE" in shown.err


@pytest.mark.parametrize(
    "wrong", [{"since": NOW}, {"since": at(1), "until": at(2)}, {"action": "at", "at": at(-1)}]
)
def test_a_window_that_is_none_is_wrong_usage(history: Any, wrong: Any) -> None:
    shown = history(**wrong)
    assert (shown.code, shown.out) == (2, "")
    assert shown.err.count("\n") == 1


def test_on_a_screen_it_fits_80_columns(history: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.headless.history.command.screen_width", lambda: 80)
    for more in ({}, {"target": ("Temu DE",)}, {"action": "at", "at": at(5.5)}, {"action": "size"}):
        shown = history(**more)
        assert [line for line in shown.out.splitlines() if width(line) > 80] == []


# At a time.


def test_every_target_is_as_it_was_with_since(history: Any) -> None:
    shown = history(action="at", at=at(5.5), as_json=True)
    found = shown.document
    assert shown.code == 1
    assert list(found) == ["schema", "profile", "at", "known", "items"]
    assert (found["at"], found["known"]) == ("2026-11-30T02:30:00Z", True)
    by_id = {item.get("id"): item for item in found["items"]}
    assert (by_id["s-1"]["state"], by_id["s-1"]["since"]) == ("error", "2026-11-30T02:00:00Z")
    assert by_id["s-1"]["since_is_known"] is True
    assert (by_id["s-3"]["state"], by_id["s-3"]["since_is_known"]) == ("ok", False)
    assert by_id["s-1"]["interval_s"] == 300.0
    assert [item["kind"] for item in found["items"]].count("engine") == 1


def test_a_time_that_was_not_seen_is_not_known(history: Any) -> None:
    for moment in (at(7) + timedelta(minutes=10), at(30)):
        shown = history(action="at", at=moment, as_json=True)
        assert shown.code == 3
        assert (shown.document["known"], shown.document["items"]) == (False, [])
    assert "nothing was recorded at 2026-11-29 02:00:00 UTC" in history(action="at", at=at(30)).out


def test_the_size_says_since_when_and_how_completely(history: Any) -> None:
    shown = history(action="size", as_json=True)
    assert shown.code == 0
    assert shown.document["since"] == "2026-11-29T22:00:00Z"
    assert 0.9 < shown.document["complete"] < 1
    assert "since 2026-11-29 22:00 UTC; 96 % of it seen" in history(action="size").out
    assert history(MemoryHistory(), action="size").code == 3


def test_what_a_recording_found_when_it_began_counts(history: Any) -> None:
    """Half a minute of recording: the error that it began with is a problem, and something was seen."""
    kept = MemoryHistory()
    kept.add([changed(0.5, TEMU, None, FAILED), changed(0.5, ENGINE, None, UP)])
    kept.add(polls(at(0.5), at(0.49), "status", "engine"))
    shown = history(kept)
    assert shown.code == 1
    assert "nothing was recorded then" not in shown.out


def test_topics_that_are_polled_seldom_leave_no_gaps_of_the_others(history: Any) -> None:
    kept = MemoryHistory()
    kept.add([changed(10, TEMU, None, OK), changed(10, CONNECTION, None, UP)])
    kept.add(polls(START, NOW, "status"))
    kept.add(polls(START, START, "connections"))
    assert history(kept, as_json=True).document["gaps"] == []


def test_a_topic_that_is_polled_seldom_is_seen_between_two_polls(history: Any) -> None:
    kept = MemoryHistory()
    kept.add([changed(10, TEMU, None, OK), changed(10, ENGINE, None, UP)])
    kept.add(polls(START, NOW - timedelta(seconds=40), "status", "engine"))
    shown = history(kept, since=NOW - timedelta(seconds=10))
    assert shown.code == 0
    assert "nothing was recorded then" not in shown.out


def test_an_outage_of_the_whole_window_was_recorded(history: Any) -> None:
    kept = MemoryHistory()
    kept.add([changed(10, TEMU, None, OK)])
    kept.add(polls(START, at(2), "status"))
    kept.add(polls(at(2), NOW, "status", error="JTL-Wawi failed (500)"))
    shown = history(kept, since=at(1))
    assert shown.code == 3
    assert "nothing was recorded then" not in shown.out
    assert "JTL-Wawi failed (500)" in shown.out
