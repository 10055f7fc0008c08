"""What a change is, what was not seen, since when, how often; in the words of an operator."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.domain.history.samples import NOON, OTTO, TEMU, after, life, polled, state
from tui.domain.health.rules import Level
from tui.domain.history.day_sums import day_totals
from tui.domain.history.gaps import NOT_YET, NOTHING_RECORDED, Gap, gaps_of
from tui.domain.history.grouping import LineKind, neighbour, timeline
from tui.domain.history.observing import difference, kept_text
from tui.domain.history.records import Cause, Change, Event, EventKind, State
from tui.domain.history.runs import runs_of
from tui.domain.history.sentence import NOTHING_SEEN, sentence
from tui.domain.history.since import Since, across, level_began, since_of, since_text, since_words
from tui.domain.history.strip import Cell, legend, strip_of

OK = State("ok", Level.OK, status_at=NOON, interval_s=300.0)
ERROR = State("error", Level.ERROR, "3 orders failed", status_at=NOON, interval_s=300.0)


@pytest.mark.parametrize(
    ("before", "now", "cause"),
    [
        (None, OK, Cause.APPEARED),
        (OK, None, Cause.DISAPPEARED),
        (OK, OK, None),
        (OK, ERROR, Cause.POLL),
        (OK, replace(OK, interval_s=60.0), Cause.POLL),
        (OK, replace(OK, text="18 orders"), None),
        (OK, replace(OK, status_at=after(5)), Cause.STATUS_MOVED),
        (OK, replace(OK, next_at=after(5)), Cause.STATUS_MOVED),
        (ERROR, replace(ERROR, text="login refused"), Cause.POLL),
        (ERROR, replace(ERROR, text="4 orders failed"), None),
        (ERROR, replace(ERROR, text="4 orders failed", status_at=after(5)), Cause.POLL),
        (state("running"), replace(state("running"), status_at=after(5), text="half"), None),
    ],
)
def test_only_news_is_a_change(before: State | None, now: State | None, cause: Cause | None) -> None:
    assert difference(before, now) == cause


@pytest.mark.parametrize(
    "secret",
    [
        "token=abc123def",
        'password: "hunter2 secret"',
        "Authorization: Bearer abc123def",
        "https://u:hunter2@erp.example/x?key=abc123def&page=2",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc123def",
        "apikey='abc123def'",
    ],
)
def test_no_secret_stays_in_a_kept_text(secret: str) -> None:
    kept = kept_text(f"the marketplace refused it: {secret} (401)")
    assert "the marketplace refused it" in kept
    assert not any(part in kept for part in ("abc123def", "hunter2"))


def test_a_kept_text_is_one_harmless_line() -> None:
    assert kept_text("one\n\x1b[31mtwo\u202e") == "one ␛[31mtwo\ufffd"
    assert len(kept_text("orders " * 200)) <= 300


def test_a_time_without_a_poll_is_a_gap_and_a_short_one_is_not() -> None:
    rows = [polled(0, 30), polled(30.1, 60), polled(66, 90)]
    assert gaps_of(rows, "status", NOON, after(90)) == (Gap(after(60), after(66), NOTHING_RECORDED),)


def test_failed_polls_are_a_gap_with_their_reason() -> None:
    rows = [polled(0, 30), polled(30.1, 40, every=15, error="connection refused"), polled(40.1, 60)]
    [gap] = gaps_of(rows, "status", NOON, after(60))
    assert (gap.start, gap.end, gap.reason) == (after(30), after(40.1), "connection refused")


def test_a_slow_response_after_failures_does_not_make_them_seen() -> None:
    rows = [polled(0, 30), polled(30.1, 31, every=15, error="connection refused")]
    slow = polled(31.3, 31.3, every=60)
    assert gaps_of([rows[0], slow], "status", NOON, after(31.3)) == ()
    [gap] = gaps_of([*rows, slow], "status", NOON, after(31.3))
    assert (gap.start, gap.end, gap.reason) == (after(30), after(31.3), "connection refused")


def test_a_gap_with_two_reasons_is_two_gaps() -> None:
    rows = [polled(0, 30), polled(30.1, 40, every=15, error="connection refused"), polled(55, 60)]
    first, second = gaps_of(rows, "status", NOON, after(60))
    assert (first.end, second.start) == (after(40), after(40))
    assert (first.reason, second.reason) == ("connection refused", NOTHING_RECORDED)


def test_a_server_that_hangs_is_no_time_in_which_nothing_was_recording() -> None:
    """A failure of which an older version kept its end alone: 30 s after the request was sent."""
    hung = polled(30.6, 30.63, every=15, error="no response within 30 s")
    rows = [polled(0, 30), hung, polled(31.18, 40)]
    [gap] = gaps_of(rows, "status", NOON, after(40))
    assert (gap.start, gap.end, gap.reason) == (after(30), after(31.18), "no response within 30 s")


def test_a_request_that_may_be_under_way_is_no_proof_that_nothing_was_recording() -> None:
    rows = [polled(0, 30)]
    assert [one.reason for one in gaps_of(rows, "status", NOON, after(30.5))] == [NOT_YET]
    assert [one.reason for one in gaps_of(rows, "status", NOON, after(31))] == [NOTHING_RECORDED]


def test_without_coverage_nothing_was_seen() -> None:
    assert gaps_of([], "status", NOON, after(5)) == (Gap(NOON, after(5), NOTHING_RECORDED),)


def test_the_end_of_the_window_is_unseen_once_polls_stop() -> None:
    [gap] = gaps_of([polled(0, 30)], "status", NOON, after(60))
    assert (gap.start, gap.end) == (after(30), after(60))


def test_since_is_known_only_where_the_beginning_was_seen() -> None:
    changes = life((0, "ok"), (14, "error"))
    assert since_of(changes[1], ()) == Since(after(14), True)
    assert not since_of(changes[0], ()).is_known
    assert not since_of(changes[1], [Gap(after(5), after(14), NOTHING_RECORDED)]).is_known
    assert since_of(changes[1], [Gap(after(2), after(5), NOTHING_RECORDED)]).is_known
    lasting = Gap(after(20), after(30), NOTHING_RECORDED)
    assert since_of(changes[1], [lasting], after(30)) == Since(after(14), True)
    before_it = Gap(after(16), after(20), "connection refused")
    assert since_of(changes[1], [before_it, lasting], after(30)) == Since(after(14), True)
    keyframe = replace(changes[1], cause=Cause.KEYFRAME)
    assert since_text(since_of(keyframe, ()), after(14 + 180)) == "≥3h"
    assert since_text(Since(NOON, True), after(180)) == "3h"
    assert since_text(None, NOON) == ""


def test_what_ended_a_gap_is_not_known_to_begin_there_though_a_gap_follows_at_once() -> None:
    change = life((0, "ok"), (14, "error"))[1]
    gaps = [Gap(after(5), after(14), NOTHING_RECORDED), Gap(after(14), after(30), NOTHING_RECORDED)]
    assert since_of(change, gaps, after(30)) == Since(after(14), False)


def test_a_level_across_several_gaps_keeps_its_beginning() -> None:
    known = Since(after(0), True)
    once = across(known, [Gap(after(5), after(14), NOTHING_RECORDED)])
    twice = across(once, [Gap(after(20), after(30), NOTHING_RECORDED)])
    assert (once, twice) == (Since(after(14), False, known), Since(after(30), False, known))


@pytest.mark.parametrize("word", ["ok", "error"])
def test_no_level_is_claimed_across_a_gap(word: str) -> None:
    changes = life((0, "running"), (36, word))
    gaps = [Gap(after(start), after(start + 5), NOTHING_RECORDED) for start in (38, 43)]
    since = since_of(changes[1], gaps, after(53))
    assert since == Since(after(48), False, Since(after(36), True))
    assert since_text(since, after(53)) == "≥5m"
    said = sentence(changes[1], since, runs_of(changes, gaps), gaps, after(53))
    assert said.startswith(f"{word} since 12:48 or earlier (at least 5m), before a gap since 12:36 · ")
    assert since_words(since, after(53)) == "since 12:48 or earlier, before a gap since 12:36"


def test_a_run_that_ended_in_a_gap_was_not_seen_to_end() -> None:
    for ended in ("ok", "error"):
        changes = life((0, "ok"), (4, "running"), (6, "ok"), (10, "running"), (20, ended))
        runs = runs_of(changes, [Gap(after(11), after(20), NOTHING_RECORDED)])
        assert (runs.seen, runs.failed, runs.good_before, runs.last_good_at) == (1, 0, 1, after(6))
        assert runs.is_failing == (ended == "error")


def test_a_sync_that_fails_at_every_run_is_in_error_since_the_first() -> None:
    changes = life((0, "ok"), (4, "running"), (5, "error"), (9, "running"), (10, "error"))
    began = level_began(reversed(changes))
    assert began is not None
    assert began.at == after(5)


def test_runs_are_what_was_seen_to_end() -> None:
    changes = life(
        (0, "ok"),
        (4, "running"),
        (6, "ok"),
        (10, "running"),
        (11, "error"),
        (20, "running"),
        (21, "error"),
    )
    runs = runs_of(changes)
    assert (runs.seen, runs.failed, runs.good_before, runs.failed_before) == (3, 2, 1, 0)
    assert runs.longest_s == 120
    assert runs.is_failing


def test_runs_of_a_sync_without_a_time_are_seen_to_end_as_well() -> None:
    found = runs_of(life((0, "no time"), (1, "running"), (2, "no time"), (3, "error"), (4, "no time")))
    assert (found.seen, found.failed, found.last_good_at) == (3, 1, after(4))


def test_a_status_time_that_moved_is_never_a_run() -> None:
    moved = life((0, "ok"), (5, "ok"), (10, "ok"), cause=Cause.STATUS_MOVED)
    assert runs_of(moved).seen == 0


def test_a_run_across_a_gap_has_no_length() -> None:
    changes = life((0, "ok"), (4, "running"), (30, "ok"))
    assert runs_of(changes, [Gap(after(10), after(20), NOTHING_RECORDED)]).longest_s == 0


def test_a_strip_draws_gaps_as_gaps_and_never_hides_a_problem() -> None:
    levels = (Level.OK, Level.RUNNING, Level.OK, Level.ERROR, None, Level.OFF)
    gaps = [Gap(after(120), after(239), NOTHING_RECORDED)]
    strip = strip_of(levels, gaps, NOON, after(360))
    assert strip.text() == "▁▂·█·─"
    assert strip.cells[2] is Cell.UNSEEN
    assert strip.text(ascii_only=True) == "_r.#.-"
    assert legend() == "█ error ▆ locked ▅ overdue ▂ ran ▁ ok ─ off · not seen"
    assert len(set(legend(ascii_only=True).split()[::2])) >= len(Cell)


def test_the_sentence_says_since_when_and_what_was_before() -> None:
    changes = life((0, "ok"), (4, "running"), (5, "ok"), (14, "error"))
    since = since_of(changes[-1], ())
    said = sentence(changes[-1], since, runs_of(changes), [], after(14 + 962))
    assert said == "error since 12:14 (16h 2m) · before that 1 good run seen, none failed"


def test_the_sentence_is_honest_about_what_was_not_seen() -> None:
    [only] = life((0, "ok"))
    assert sentence(None, None, runs_of([]), [], NOON) == NOTHING_SEEN
    said = sentence(only, since_of(only, ()), runs_of([only]), [], after(90))
    assert said == "ok since 12:00 or earlier (at least 1h 30m) · no run was seen to end"
    gap = Gap(after(84), after(90), NOTHING_RECORDED)
    said = sentence(only, since_of(only, ()), runs_of([only]), [gap], after(90))
    assert said.startswith("last seen ok at 13:24, then not seen for 6m (nothing was recording)")
    assert said.endswith("; 1 gap")


def test_the_same_change_of_a_minute_is_one_line() -> None:
    both = [*life((0, "ok"), (14, "error")), *life((0, "ok"), (14.3, "error"), subject=OTTO)]
    line = next(line for line in timeline(both) if line.is_problem)
    assert (line.subject, line.text, line.detail) == (TEMU, "ok → error", "401")
    assert line.also_text == "also Otto · Otto Market (same minute, same words)"


def test_runs_are_no_lines_and_a_repeated_failure_is_one() -> None:
    changes = life(
        (0, "ok"), (4, "running"), (5, "ok"), (9, "running"), (10, "error"),
        (14, "running"), (15, "error"), (19, "running"), (20, "ok"),
    )  # fmt: skip
    recovered, failed, _first = timeline(changes)
    assert (recovered.text, recovered.at) == ("error → ok", after(20))
    assert (failed.text, failed.at, failed.repeats) == ("ok → error", after(10), 1)


def test_the_timeline_has_gaps_notes_and_actions_newest_first() -> None:
    lines = timeline(
        life((0, "ok"), (14, "error")),
        [
            Event(after(20), EventKind.NOTE, "ticket 4711", user="anna"),
            Event(after(2), EventKind.ACTION, "Configure sync: applied", TEMU, "ben", "a-1"),
        ],
        [Gap(after(5), after(11), NOTHING_RECORDED)],
    )
    kinds = [line.kind for line in lines]
    assert kinds == [LineKind.NOTE, LineKind.CHANGE, LineKind.GAP, LineKind.ACTION, LineKind.CHANGE]
    assert (lines[0].detail, lines[2].text, lines[2].detail) == (
        "by anna",
        "not seen",
        "12:05 to 12:11 (6m) · nothing was recording",
    )


def test_neighbours_are_found_in_both_directions_and_problems_alone() -> None:
    lines = timeline(life((0, "ok"), (14, "error"), (30, "off")))

    def at(moment: datetime, forward: bool, problems: bool = False) -> datetime | None:
        found = neighbour(lines, moment, forward=forward, problems=problems)
        return found.at if found else None

    assert at(after(20), forward=True) == after(30)
    assert at(after(30), forward=False) == after(14)
    assert at(after(60), forward=False, problems=True) == after(14)
    assert at(after(14), forward=True, problems=True) is None


def test_a_day_in_sums_leaves_out_what_was_not_seen() -> None:
    midnight = NOON.replace(hour=0)
    carried = replace(life((0, "ok"))[0], at=midnight - timedelta(hours=1))
    changes = life((0, "running"), (1, "error"), (60, "ok"))
    changes[0] = replace(changes[0], before=carried.after)
    hours = [(0, 6), (7, 24)]
    rows = [polled((start - 12) * 60, (end - 12) * 60) for start, end in hours]
    [total] = day_totals("2026-11-29", changes, rows, {TEMU: carried})
    assert (total.runs, total.failed_runs, total.unseen_s) == (2, 1, 3_600)
    assert (total.running_s, total.error_s) == (60, 59 * 60)
    assert total.ok_s + total.running_s + total.error_s + total.unseen_s == 86_400


def _paced() -> list[Change]:
    """From five minutes to one."""
    changes = life((0, "error"), (5, "error"))
    changes[1] = replace(changes[1], after=replace(changes[1].after, interval_s=60.0))
    return changes[1:]


CONFIGURED = Event(after(4.9), EventKind.ACTION, "Configure sync · Temu: applied", TEMU, "anna", "a-1")


def test_a_new_interval_stands_once_in_the_action_that_set_it() -> None:
    [line] = timeline(_paced(), [CONFIGURED])
    assert line.kind is LineKind.ACTION
    assert line.text == "Configure sync · Temu: interval 5m → 1m · applied"


def test_from_here_is_said_only_of_what_the_audit_trail_has() -> None:
    assert timeline(_paced(), [CONFIGURED])[0].detail == "by anna, from here"
    assert timeline(_paced(), [replace(CONFIGURED, ref="")])[0].detail == "by anna"


@pytest.mark.parametrize(
    "other",
    [
        {"subject": OTTO},
        {"text": "Start sync · Temu: applied"},
        {"text": "Configure sync · Temu: refused"},
        {"at": after(1)},
        {"at": after(5.1)},
    ],
)
def test_a_new_interval_is_no_work_of_another_action(other: dict[str, Any]) -> None:
    lines = timeline(_paced(), [replace(CONFIGURED, **other)])
    assert {line.kind: line.detail for line in lines}[LineKind.CHANGE] == "401"
    assert len(lines) == 2


def test_a_second_new_interval_after_one_action_is_a_line_of_its_own() -> None:
    [first] = _paced()
    second = replace(first, at=after(5.5), before=first.after, after=state("error", "401", every=600.0))
    assert [line.text for line in timeline([first, second], [CONFIGURED])] == [
        "interval 1m → 10m",
        "Configure sync · Temu: interval 5m → 1m · applied",
    ]
