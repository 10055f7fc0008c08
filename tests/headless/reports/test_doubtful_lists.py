"""One-shot commands on lists that cannot be believed or say nothing: exit 1, with the words."""

from typing import Any

import pytest

from tests.drivers.answering import AnsweringServer, status, sync
from tui.cli.main import main

CAPSYS = pytest.CaptureFixture[str]


def ran(server: AnsweringServer, capsys: CAPSYS, *arguments: str) -> tuple[int, str]:
    with server:
        server.configured()
        code = main(arguments)
    said = capsys.readouterr()
    return code, said.out


@pytest.mark.parametrize("command", ["status", "workers"])
def test_t5_times_ahead_end_with_1(capsys: CAPSYS, command: str) -> None:
    server = AnsweringServer([sync(1)], [status(1, 3_310)])
    code, said = ran(server, capsys, command)
    assert code == 1
    assert "times are 55m ahead of the server's clock: zone?" in said
    assert "1 needs attention" in said


def test_t5_doctor_warns_of_times_ahead(capsys: CAPSYS) -> None:
    _, said = ran(AnsweringServer([sync(1)], [status(1, 3_310)]), capsys, "doctor")
    assert "times are 55m ahead of the server's clock: zone?" in said
    assert "time zone of the server" in said


def test_t5_json_states_no_offset_that_was_not_received(capsys: CAPSYS) -> None:
    import json

    local = "2026-11-29T17:05:00"
    server = AnsweringServer(
        [sync(1), sync(2)], [status(1, local), status(2, "2026-11-29T17:05:00+01:00")]
    )
    code, said = ran(server, capsys, "workers", "--json")
    items = {item["channel"]: item for item in json.loads(said)["items"]}
    assert code == 1
    assert (items["Laden 1"]["status_at"], items["Laden 1"]["status_at_raw"]) == (None, local)
    assert items["Laden 1"]["health"] == "warning"
    assert items["Laden 2"]["status_at"] == "2026-11-29T16:05:00Z"


@pytest.mark.parametrize("command", ["status", "workers"])
@pytest.mark.parametrize("statuses", [[], [status(1, -60)]])
def test_t6_an_empty_list_of_syncs_ends_with_1(capsys: CAPSYS, command: str, statuses: Any) -> None:
    code, said = ran(AnsweringServer([], statuses), capsys, command)
    assert code == 1
    assert "no sync was reported: a scope may be missing" in said
    assert "1 needs attention" in said
    assert "all is well" not in said


def test_t6_no_extensions_are_no_trouble(capsys: CAPSYS) -> None:
    code, said = ran(AnsweringServer([sync(1)], [status(1, -60)]), capsys, "extensions")
    assert code == 0
    assert "0 extensions" in said


def test_the_count_of_attention_is_the_same_for_all_suspended(capsys: CAPSYS) -> None:
    for command in ("status", "workers"):
        server = AnsweringServer([sync(1), sync(2)], [status(1, -60, State=0), status(2, -60, State=0)])
        code, said = ran(server, capsys, command)
        assert code == 1
        assert "2 need attention" in said
        assert "all syncs suspended" in said
