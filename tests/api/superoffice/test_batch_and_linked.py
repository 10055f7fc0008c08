"""Batch tasks and links as servers may write them: read where the meaning is clear, never invented."""

from datetime import UTC, datetime, timedelta

import pytest

from tui.api.row_reader import Unreadable
from tui.api.superoffice.batch_rows import read_batch_tasks
from tui.api.superoffice.linked_rows import read_linked
from tui.domain.superoffice.batch_tasks import SLACK, BatchTask
from tui.domain.superoffice.linked_records import LinkedConnection
from tui.domain.timestamps import Moment

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def test_a_task_is_read_by_any_of_the_names_that_its_fields_may_have() -> None:
    tasks = read_batch_tasks(
        [
            {
                "BatchTaskId": 17,
                "DisplayName": "Resync",
                "State": "Aquired",
                "ProgressPercent": 4.0,
                "ProgressDescription": "4 of 100",
                "Result": None,
                "Created": "2026-03-02T03:00:00Z",
                "LastStarted": "0001-01-01T00:00:00",
            },
            {"id": "x-1", "state": 3, "lastStarted": "2026-03-02T04:00:00"},
            {"State": "Halfway"},
        ]
    )
    first, second, third = tasks
    assert (first.id, first.name, first.state, first.percent) == ("17", "Resync", "Aquired", 4)
    assert (first.created.at, first.last_started.ago(AT)) == (AT, "never")
    assert (second.id, second.state, second.percent, second.since.text) == (
        "x-1",
        "Started",
        None,
        "2026-03-02T04:00:00",
    )
    assert (third.id, third.state, third.since.ago(AT)) == ("#3", "Halfway", "not reported")


@pytest.mark.parametrize("tree", [None, {}, {"Message": "no"}, "text", [{"State": []}], [7]])
def test_what_is_no_list_of_tasks_is_none(tree: object) -> None:
    with pytest.raises(Unreadable):
        read_batch_tasks(tree)


def test_a_row_that_cannot_be_read_does_not_spoil_the_others() -> None:
    good, bad = read_batch_tasks([{"BatchTaskId": 1, "State": "New"}, {"BatchTaskId": 2, "State": {}}])
    assert good.problem is None
    assert (bad.id, bad.problem) == ("2", "State: expected text, got an object")


@pytest.mark.parametrize(
    ("created", "asked_at", "may_be"),
    [
        ("2026-03-02T03:00:00Z", AT, True),
        ("2026-03-02T03:00:00Z", AT + SLACK, True),
        ("2026-03-02T03:00:00Z", AT + SLACK + timedelta(seconds=1), False),
        ("2026-03-02T04:00:00+01:00", AT, True),
        ("2026-03-02T04:00:00", AT, None),
        (None, AT, None),
        ("2026-03-02T03:00:00Z", None, False),
    ],
)
def test_a_task_created_at_or_after_the_call_is_possibly_yours(
    created: str | None, asked_at: datetime | None, may_be: bool | None
) -> None:
    assert BatchTask("1", created=Moment.read(created)).may_be_of(asked_at) is may_be


def test_what_a_connection_says_of_a_record_is_read_and_no_more() -> None:
    assert read_linked(
        [
            {
                "ErpConnectionId": 7,
                "ConnectionName": "Main",
                "Connected": True,
                "ErpActorType": "Customer",
                "ErpFields": [{"FieldKey": "CUSTNO", "DisplayName": "Number"}, {"FieldKey": "X"}, 5],
            },
            {"erpConnectionId": 8},
            {"ErpConnectionId": []},
        ]
    ) == (
        LinkedConnection(7, "Main", True, "Customer", ("Number (CUSTNO)", "X")),
        LinkedConnection(8),
        LinkedConnection(None, problem="ErpConnectionId: expected a whole number, got a list"),
    )


@pytest.mark.parametrize("tree", [None, {}, {"Message": "no"}, [1], [{"Connected": "perhaps"}]])
def test_what_is_no_list_of_links_is_none(tree: object) -> None:
    with pytest.raises(Unreadable):
        read_linked(tree)
