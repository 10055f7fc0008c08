"""A table that keeps its columns, a document that keeps its keys, whatever a server writes."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tui.api.errors import Absent, TimedOut
from tui.domain.profile import System
from tui.domain.timestamps import stamp
from tui.headless.exit_codes import SystemState
from tui.headless.output import as_text, diagnostics, document, json_text, width
from tui.headless.report import Report, SystemAnswer
from tui.presentation.columns import Column, Printed

COLUMNS = (
    Column("state", "State", printed=Printed(8)),
    Column("age", "Age", printed=Printed(right=True)),
    Column("message", "Message", printed=Printed()),
)


def report(
    *rows: Any, systems: Any = None, items: Any = (), summary: Any = "all is well", attention: Any = 0
) -> Any:
    return Report("acme", systems or {}, items, COLUMNS, rows, summary, attention)


def row(state: Any = "ok", age: Any = "1m", message: Any = "") -> Any:
    return {"state": state, "age": age, "message": message}


def test_columns_stand_below_their_titles_and_numbers_align_right() -> None:
    text = as_text(report(row(), row("error", "12m", "401 from marketplace")))
    assert text.splitlines() == [
        "STATE  AGE  MESSAGE",
        "ok      1m",
        "error  12m  401 from marketplace",
        "",
        "all is well",
    ]


def test_on_a_screen_long_text_ends_in_an_ellipsis_and_elsewhere_is_whole() -> None:
    long = row(message="x" * 200)
    assert max(map(width, as_text(report(long), 80).splitlines())) == 80
    assert as_text(report(long), 80).splitlines()[1].endswith("…")
    assert "x" * 200 in as_text(report(long))


def test_a_long_text_is_cut_at_once_and_makes_no_other_row_long() -> None:
    flood = "\u4e2d" * 20_000
    on_screen = as_text(report(row(message=flood), row(state=flood)), screen=80).splitlines()
    assert all(width(line) <= 80 for line in on_screen)
    elsewhere = as_text(report(row(message=flood), row(state=flood), row())).splitlines()
    assert width(elsewhere[1]) > 40_000
    assert len(elsewhere[3]) <= 130


def test_wide_characters_keep_the_columns() -> None:
    wide, narrow = as_text(report(row("受注"), row("ok"))).splitlines()[1:3]
    assert width(wide) == width(narrow)


def test_nothing_to_list_leaves_the_summary_alone() -> None:
    assert as_text(report()) == "all is well"


@given(st.text(), st.text(), st.integers(20, 200))
def test_no_text_of_a_server_makes_a_second_line_or_leaves_the_screen(
    state: Any, message: Any, screen: Any
) -> None:
    lines = as_text(report(row(state, "1m", message)), screen).split("\n")
    assert len(lines) == 4
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for line in lines for char in line)
    assert width(lines[1]) <= max(screen, 8 + 3 + 20 + 4)


def test_the_document_names_both_systems_and_says_null_where_nothing_is_known() -> None:
    at = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    found = json.loads(
        json_text(
            document(
                report(systems={System.JTL: SystemAnswer(SystemState.OK, (), at)}, items=({"id": "a"},))
            )
        )
    )
    assert found == {
        "schema": 1,
        "profile": "acme",
        "systems": {
            "jtl": {"state": "ok", "error": None, "fetched_at": "2026-11-22T03:00:00Z"},
            "superoffice": {"state": None, "error": None, "fetched_at": None},
        },
        "items": [{"id": "a"}],
    }


def test_a_failure_is_one_line_with_its_next_step_however_often_it_happened() -> None:
    failed = TimedOut(
        system=System.JTL, sentence="no response\nwithin 30 s", next_step="Check the server"
    )
    answer = SystemAnswer(SystemState.UNREACHABLE, (failed, failed))
    assert list(diagnostics(report(systems={System.JTL: answer}))) == [
        "JTL-Wawi: no response within 30 s. Check the server"
    ]


def test_an_absent_system_is_a_failure_only_where_nothing_else_was_read() -> None:
    """A cron job of a profile with JTL-Wawi alone writes no mail about SuperOffice."""
    why = Absent(system=System.SUPEROFFICE, sentence="it is not configured", next_step="Add it")
    absent = {System.SUPEROFFICE: SystemAnswer(SystemState.ABSENT, (why,))}
    both = {System.JTL: SystemAnswer(SystemState.OK), **absent}
    assert list(diagnostics(report(systems=both))) == []
    assert list(diagnostics(report(systems=absent))) == ["SuperOffice: it is not configured. Add it"]


def test_times_are_written_in_utc() -> None:
    local = datetime(2026, 11, 22, 5, 0, tzinfo=timezone(timedelta(hours=2)))
    assert (stamp(local), stamp(None)) == ("2026-11-22T03:00:00Z", None)
