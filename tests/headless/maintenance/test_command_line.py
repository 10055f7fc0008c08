"""`syncdeck maintenance` as it is typed: its words, its exit codes, its document."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.drivers.command import Finished, Run, syncdeck
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.headless.maintenance.conftest import OFF, Operator
from tui.ops.audit.file_trail import user_name
from tui.ops.maintenance.journals import journals_of
from tui.paths import config_path, state_dir

TERMS = ("--reason", "database\x1b[31m upgrade", "--until", "2h")


@pytest.fixture
def maintenance(erp: RunningSimulator, ran: Run) -> Run:
    return lambda *arguments: ran("maintenance", *arguments)


def test_a_set_of_the_config_is_shown_and_only_stopped_once_confirmed(
    maintenance: Run, operator: Operator
) -> None:
    shown = maintenance("open", "nightly", *TERMS)
    assert shown.code == 2
    assert "without a terminal, --yes is needed" in shown.err
    assert "\x1b" not in shown.out
    assert [line for line in shown.out.splitlines() if line.startswith("  stop")] == [
        "  stop  ErpSync engine · running",
        "  stop  Amazon · Amazon DE · ok",
        "  stop  Amazon · Amazon FR · ok",
        "  stop  Temu · Temu DE · ok",
    ]
    assert operator.stops() == []
    assert maintenance("list").out == f"no maintenance of {user_name()} is open, and none was\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("open", "weekly"), "there is no set 'weekly' in the config; it has nightly"),
        (("open",), "name a set of the config, or what is meant by --target FILTER"),
        (("open", "--target", "channel:Amzon"), "'channel:Amzon' matches no sync"),
        (("open", "--target", "chanel:Amazon"), "'chanel' is not a field"),
        (("open", "--target", "kind:connection name:nowhere"), "matches no connection"),
        (("open", "../x", "--target", "channel:Amazon"), "is not a name"),
    ],
)
def test_what_means_nothing_is_refused(
    maintenance: Run, operator: Operator, arguments: tuple[str, ...], said: str
) -> None:
    done = maintenance(*arguments, *TERMS, "--yes")
    assert done.code == 2
    assert said in done.err
    assert operator.stops() == []


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (("--reason", " ", "--until", "2h", "--yes"), "a reason is needed"),
        (("--until", "2h"), "--reason"),
        (("--reason", "x"), "--until"),
        (("--reason", "x", "--until", "9999-12-31", "--yes"), "must be within 31 days"),
        (("--reason", "x", "--until", "32d", "--yes"), "must be within 31 days"),
        (("--reason", "x", "--until", "yesterday 14:30"), "has already passed"),
        (("--reason", "x", "--until", "2h", "--drain", "soon"), "--drain"),
    ],
)
def test_a_reason_and_a_planned_end_are_required(
    maintenance: Run, terms: tuple[str, ...], said: str
) -> None:
    done = maintenance("open", "nightly", *terms)
    assert done.code == 2
    assert said in done.err


def test_more_than_ten_and_production_need_the_profiles_name(
    maintenance: Run, erp: RunningSimulator, operator: Operator
) -> None:
    many = maintenance("open", "--target", "kind:sync", *TERMS, "--yes")
    assert many.code == 2
    assert "--yes counts only together with --profile sim" in many.err
    write_config(erp, environment="production")
    one = maintenance("open", "--target", "channel:Amazon", *TERMS, "--yes")
    assert "--yes counts only together with --profile sim" in one.err
    write_config(erp, read_only=True)
    locked = maintenance("open", "--target", "channel:Amazon", *TERMS, "--yes")
    assert locked.code == 2
    assert "read-only" in locked.err
    assert operator.stops() == []


def test_nothing_is_sent_where_a_server_does_not_respond(
    maintenance: Run, erp: RunningSimulator, operator: Operator
) -> None:
    erp.fault("GET .*/workers/status=status:500")
    done = maintenance("open", "--target", "channel:Amazon", *TERMS, "--yes")
    assert done.code == 2
    assert "nothing was sent" in done.err
    assert operator.stops() == []
    assert journals_of("sim").read().items == ()


def test_going_on_changes_nothing_so_what_differs_is_refused(
    operator: Operator, erp: RunningSimulator
) -> None:
    erp.fault(f"PUT .*/{erp.worker_id('Amazon DE')}=status:409")
    assert operator.open("channel:Amazon").code == 1
    erp.clear_faults()
    one, later = operator.noted(), operator.clock() + timedelta(hours=5)
    others: tuple[tuple[tuple[str, ...], dict[str, Any], str], ...] = (
        (('name:"Amazon FR"',), {}, "--target means 1, noted are 2: Amazon · Amazon DE is noted only"),
        (("kind:sync",), {}, "--target means 14, noted are 2: "),
        ((), {"reason": "another"}, "--reason is 'another', noted is 'a story'"),
        ((), {"until": later}, f"{later:%H:%M} UTC, noted is {one.until:%Y-%m-%d %H:%M} UTC. Go on"),
        ((), {"drain_s": 60.0}, "--drain is 1m, noted is 0s"),
    )
    for filters, terms, said in others:
        refused = operator.go_on(*filters, **terms)
        assert refused.code == 2
        assert said in refused.err
        assert f"Go on as it is noted: syncdeck maintenance open {one.id}" in refused.err
    assert len(operator.stops()) == 2
    same: dict[str, Any] = {"reason": " a  story ", "until": one.until, "drain_s": 0.0}
    assert operator.go_on("channel:Amazon", **same).code == 0
    assert operator.stops().count("Amazon DE") == 2


def test_the_document_of_the_list(maintenance: Run, operator: Operator, erp: RunningSimulator) -> None:
    operator.is_now("Amazon FR", OFF)
    erp.fault(f"PUT .*/{erp.worker_id('Amazon DE')}=status:409")
    opened = operator.open("channel:Amazon", 'name:"Temu DE"', name="adhoc-x")
    assert opened.code == 1
    done = maintenance("list", "--json")
    assert done.code == 0
    assert set(done.document) == {"schema", "items"}
    assert done.document["schema"] == 1
    (item,) = done.document["items"]
    assert list(item) == ["id", "name", "reason", "opened_at", "until", "state", "targets"]
    assert (item["id"], item["name"], item["state"]) == ("adhoc-x", "adhoc-x", "partly")
    assert datetime.fromisoformat(item["until"]) > datetime.now(UTC) + timedelta(hours=1)
    assert item["targets"] == [
        {
            "id": erp.worker_id("Amazon DE"),
            "name": "Amazon · Amazon DE",
            "before": "ok",
            "stop": "failed",
            "start": None,
        },
        {
            "id": erp.worker_id("Amazon FR"),
            "name": "Amazon · Amazon FR",
            "before": "off",
            "stop": "left",
            "start": None,
        },
        {
            "id": erp.worker_id("Temu DE"),
            "name": "Temu · Temu DE",
            "before": "ok",
            "stop": "applied",
            "start": None,
        },
    ]
    told = maintenance("list").out
    assert "maintenance adhoc-x · 1 off since" in told
    assert "1 not stopped" in told


def test_a_dry_run_of_closing_sends_nothing(maintenance: Run, operator: Operator) -> None:
    operator.open("channel:Amazon")
    done = maintenance("close", "nightly", "--dry-run")
    assert done.code == 0
    assert "  start  Amazon · Amazon DE: stopped by us; it was ok before" in done.out
    assert operator.starts() == []
    assert maintenance("close", "nightly").code == 2
    assert operator.starts() == []


def test_closing_where_everything_runs_again_needs_no_confirmation(
    maintenance: Run, operator: Operator
) -> None:
    operator.open("channel:Amazon")
    for channel in ("Amazon DE", "Amazon FR"):
        operator.is_now(channel, 2)
    done = maintenance("close", "nightly")
    assert done.code == 0
    assert operator.starts() == []
    assert "was closed" in maintenance("close", "nightly", "--yes").err


def test_forgetting_says_what_stays_off(maintenance: Run, operator: Operator) -> None:
    operator.open("channel:Amazon")
    asked = maintenance("forget", "nightly")
    assert asked.code == 2
    assert "without a terminal, --yes is needed; off until somebody starts it: Amazon · " in asked.err
    assert len(operator.noted().off) == 2
    done = maintenance("forget", "nightly", "--yes")
    assert done.code == 0
    assert "off until somebody starts it: Amazon · Amazon DE, Amazon · Amazon FR" in done.out
    assert operator.starts() == []
    assert maintenance("forget", "nightly").code == 2


def test_another_server_is_not_started(
    maintenance: Run, operator: Operator, erp: RunningSimulator
) -> None:
    operator.open("channel:Amazon")
    config = config_path()
    config.write_text(config.read_text().replace(erp.tenant_id, "00000000-0000-0000-0000-000000000009"))
    done = maintenance("close", "nightly", "--yes")
    assert done.code == 2
    assert "was opened on" in done.err
    assert operator.starts() == []


def test_two_operators_on_one_host(maintenance: Run, operator: Operator) -> None:
    """While the first one waits for its effects, the second is told who is at work."""
    second: list[Finished] = []

    def meanwhile() -> None:
        if not second:
            second.append(syncdeck("maintenance", "close", "nightly", "--yes"))

    operator.meanwhile = meanwhile
    assert operator.open("channel:Amazon").code == 0
    assert "is opening nightly now" in second[0].err
    assert operator.starts() == []


@pytest.mark.parametrize(
    "content", [b"", b'{"schema": 1, "targ', b'{"schema": 2}', b"[]", b"a directory"]
)
def test_a_journal_that_cannot_be_read_is_not_none(
    maintenance: Run, operator: Operator, content: bytes
) -> None:
    operator.open("channel:Amazon")
    (path,) = (state_dir() / "maintenance" / "sim").glob("*.json")
    path.unlink()
    if content == b"a directory":
        path.mkdir()
    else:
        path.write_bytes(content)
    told = maintenance("list")
    assert told.code == 1
    assert told.out == "what is in maintenance is not known: 1 journal unread\n"
    assert f"{path} cannot be read: " in told.err
    document = maintenance("list", "--json")
    assert (document.code, document.document["items"]) == (1, [])
    assert document.document["troubles"][0].startswith(f"{path} cannot be read: ")
    for action in (("close", "nightly", "--yes"), ("forget", "nightly")):
        done = maintenance(*action)
        assert done.code == 2
        assert f"that can be read; {path} cannot be read" in done.err
    assert operator.starts() == []


def test_a_directory_of_journals_that_cannot_be_read_is_not_none(
    maintenance: Run, operator: Operator
) -> None:
    place = state_dir() / "maintenance" / "sim"
    place.parent.mkdir(parents=True)
    place.write_text("a file is in the way")
    told = maintenance("list")
    assert told.code == 1
    assert "no maintenance is open" not in told.out
    assert f"{place} cannot be read: Not a directory" in told.err
    assert f"{place} cannot be read" in maintenance("close", "nightly", "--yes").err


def test_an_earlier_one_of_that_name_does_not_hide_an_unreadable_one(
    maintenance: Run, operator: Operator
) -> None:
    operator.open("channel:Amazon")
    operator.close()
    operator.wait(5)
    operator.open("channel:Amazon")
    newest = max((state_dir() / "maintenance" / "sim").glob("*.json"))
    newest.write_text("{")
    done = maintenance("close", "nightly", "--yes")
    assert f"{newest} cannot be read" in done.err
    assert "was closed" not in done.err


def test_what_is_shown_before_opening_says_the_time_to_end_as_it_is_typed(
    maintenance: Run, operator: Operator
) -> None:
    shown = maintenance("open", "nightly", *TERMS, "--drain", "8s")
    assert "Running syncs have 8s to end first." in shown.out


def test_closing_is_graded_as_its_starts_are(
    maintenance: Run, erp: RunningSimulator, operator: Operator
) -> None:
    """As the help says: on production a few syncs start with --yes, a connection needs the name."""
    operator.open("channel:Amazon")
    operator.open("kind:connection id:1", name="links")
    write_config(erp, environment="production")
    syncs = maintenance("close", "nightly", "--yes")
    assert syncs.code == 0, syncs
    links = maintenance("close", "links", "--yes")
    assert (links.code, "together with --profile sim" in links.err) == (2, True)
    assert maintenance("close", "links", "--yes", "--profile", "sim").code == 0
