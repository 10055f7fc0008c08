"""Looking at connections: what is asked and in which words, what the answers turn into, and that a
configuration value is nowhere but where it is revealed."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.simulator import RunningSimulator
from tui.api.errors import BadAnswer
from tui.api.live_service import LiveService
from tui.api.row_reader import Unreadable
from tui.api.superoffice.batch_rows import read_batch_tasks
from tui.api.superoffice.connection_rows import read_connections, read_reasons
from tui.api.superoffice.connector_rows import (
    read_config_fields,
    read_connectors,
    read_summary,
    read_values,
)
from tui.api.superoffice.engine_rows import read_engine
from tui.api.superoffice.linked_rows import read_linked
from tui.api.superoffice.plugin_rows import read_plugin
from tui.domain.superoffice.connections import ActorSummary, Concealed, ConfigField, Connector
from tui.domain.timestamps import MomentKind

AGENT = "/Cust12345/api/v1/Agents/ErpSync"
SECRET = "geheim"
Ask = Callable[[LiveService], Awaitable[Any]]


@pytest.fixture
def service(open_service: Open, profiles: Profiles) -> LiveService:
    return open_service(superoffice=profiles.superoffice())


READS: dict[str, tuple[Ask, object]] = {
    "GetAllConnections": (
        lambda s: s.superoffice.connections(include_deleted=True),
        {"IncludeDeleted": True},
    ),
    "GetAllConnectors": (lambda s: s.superoffice.connectors(), None),
    "GetConfigurationFields": (lambda s: s.superoffice.config_fields(3), {"ErpConnectorId": 3}),
    "GetErpSyncConnectionSummary": (
        lambda s: s.superoffice.connection_summary(1),
        {"ErpSyncConnectionId": 1},
    ),
    "TestConnectionById": (lambda s: s.superoffice.test_connection(1), {"ErpConnectionId": 1}),
    "GetErpConnectionConfigFields": (
        lambda s: s.superoffice.connection_fields(1),
        {"ErpConnectionId": 1},
    ),
}


@pytest.mark.parametrize("method", READS)
async def test_a_look_is_one_post_with_exactly_this(
    erp: RunningSimulator, service: LiveService, method: str
) -> None:
    ask, body = READS[method]
    await ask(service)
    (request,) = erp.log()
    assert (request["method"], request["path"]) == ("POST", f"{AGENT}/{method}")
    assert request["body"] == body
    assert request["headers"]["authorization"].startswith("Bearer ")
    assert request["headers"]["accept"] == "application/json"
    assert request["headers"]["so-timezone"] == "UTC, includeTZOffset"


@pytest.mark.parametrize("method", READS)
@pytest.mark.parametrize("fault", ["null", "message:no such parameter", "html"])
async def test_a_success_that_says_something_else_is_no_answer(
    erp: RunningSimulator, service: LiveService, method: str, fault: str
) -> None:
    erp.fault(f"{method}={fault}")
    failure = await failure_of(READS[method][0](service))
    assert isinstance(failure, BadAnswer)
    assert "message" not in fault or method.endswith("ConfigFields") or "parameter" in str(failure)


async def test_what_the_simulator_knows_is_read(erp: RunningSimulator, service: LiveService) -> None:
    assert await service.superoffice.connectors() == (
        Connector(3, "Business Central", "https://connector.example/bc"),
        Connector(5, "Visma.net", "https://connector.example/visma"),
        Connector(8, "Excel Demo", "app://4f1d9a02"),
    )
    fields = await service.superoffice.config_fields(3)
    assert fields[2] == ConfigField("PASSWORD", "Password", "Password")
    summary = await service.superoffice.connection_summary(1)
    assert summary.last_sync.kind is MomentKind.INSTANT
    assert summary.actors[2] == ActorSummary("Project", has_mappings=False)
    assert await service.superoffice.test_connection(1) is True
    assert await service.superoffice.test_connection(4) is False


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0001-01-01T00:00:00", MomentKind.NEVER),
        ("2026-03-31T18:00:00", MomentKind.LOCAL),
        ("2026-03-31T18:00:00.9772696+02:00", MomentKind.INSTANT),
        ("yesterday", MomentKind.UNREADABLE),
    ],
)
async def test_last_sync_is_never_more_than_was_said(
    erp: RunningSimulator, service: LiveService, text: str, kind: MomentKind
) -> None:
    erp.fault(f"Summary=last-sync:{text}")
    summary = await service.superoffice.connection_summary(1)
    assert summary.last_sync.kind is kind
    assert summary.last_sync.text == text


async def test_texts_come_in_the_profiles_language(open_service: Open, profiles: Profiles) -> None:
    # `*` turns the server's own translation off: all languages come (superoffice PROTOCOL §3).
    settings = profiles.superoffice(language="*")
    described = (await open_service(superoffice=settings).superoffice.connections())[1]
    assert described.description == "Customers from Oslo"
    assert described.raw["DisplayDescription"] == 'NO:"Kunder fra Oslo";US:"Customers from Oslo"'


def test_names_descriptions_reasons_and_explanations_read_well() -> None:
    both = 'NO:"Norsk";US:"English"'
    row = {"ErpConnectionId": 7, "DisplayName": both, "DisplayDescription": "[SR_TEXT]"}
    (connection,) = read_connections([row], "nb-NO")
    assert connection.name == "Norsk"
    assert connection.description == "SR_TEXT (a resource id; no text was sent)"
    assert connection.raw["DisplayName"] == both
    assert read_reasons(["[SR_NO]", "as it is", both]) == (
        "SR_NO (a resource id; no text was sent)",
        "as it is",
        "English",
    )
    answer = read_plugin({"IsOk": True, "Status": "Ok", "UserExplanation": both}, "no")
    assert answer.explanation == "Norsk"


# Values.


def test_whatever_writes_a_value_down_writes_dots() -> None:
    value = Concealed(SECRET)
    for written in (repr(value), str(value), f"{value}", f"{value!r}", f"{value:>9}", repr([value])):
        assert SECRET not in written
    assert value.reveal() == SECRET
    assert "%s" % value == "•••"  # noqa: UP031 - a log would


async def test_values_come_concealed_and_leave_no_trace_in_the_wire_log(
    erp: RunningSimulator, open_service: Open, profiles: Profiles, tmp_path: Path
) -> None:
    log = tmp_path / "wire.log"
    service = open_service(superoffice=profiles.superoffice(), log_file=log)
    values = await service.superoffice.connection_fields(1)
    assert values["PASSWORD"].reveal() == SECRET
    assert SECRET not in repr(values)
    assert "GetErpConnectionConfigFields" in log.read_text()
    assert SECRET not in log.read_text()


@pytest.mark.parametrize(
    "tree",
    [
        None,
        [],
        [{"PASSWORD": SECRET}],
        SECRET,
        {"Message": SECRET},
        {"Message": SECRET, "MessageDetail": SECRET},
        {"PASSWORD": [SECRET]},
        {"PASSWORD": {"value": SECRET}},
    ],
)
def test_values_that_cannot_be_read_are_not_quoted(tree: object) -> None:
    with pytest.raises(Unreadable) as failure:
        read_values(tree)
    assert SECRET not in str(failure.value)


def test_values_are_read_where_their_meaning_is_clear() -> None:
    values = read_values({"COMPANY": 100, "USE_SSL": True, "EMPTY": None, "Message": "x"})
    assert {name: value.reveal() for name, value in values.items()} == {
        "COMPANY": "100",
        "USE_SSL": "true",
        "EMPTY": "",
        "Message": "x",
    }


# Nonsense.


@pytest.mark.parametrize("tree", [None, 7, "text", [], {}, {"Message": "no"}])
def test_what_is_no_summary_is_none(tree: object) -> None:
    with pytest.raises(Unreadable):
        read_summary(tree)


def test_f9_a_time_that_cannot_be_read_does_not_spoil_a_summary() -> None:
    assert read_summary({"LastSync": ["x"]}).last_sync.plain == '["x"]'


def test_actors_that_cannot_be_read_do_not_spoil_a_summary() -> None:
    actors = [{"ActorType": "Customer", "HasMappings": "perhaps"}, {"ActorType": "Person"}]
    summary = read_summary({"LastSync": None, "Actors": actors})
    assert summary.actors == (ActorSummary("Person"),)
    assert summary.actors_problem == "1 of 2 actors cannot be read"
    assert summary.last_sync.kind is MomentKind.ABSENT
    assert "expected a list" in read_summary({"Actors": 7}).actors_problem
    assert "none of 1" in read_summary({"Actors": ["x"]}).actors_problem


@pytest.mark.parametrize("read", [read_connectors, read_config_fields])
@pytest.mark.parametrize("tree", [None, {}, {"value": []}, "x", [1, "x"], [[{}]]])
def test_what_is_no_list_of_names_is_none(read: Callable[[object], object], tree: object) -> None:
    with pytest.raises(Unreadable):
        read(tree)


def test_one_bad_item_does_not_spoil_the_others() -> None:
    assert read_connectors([{"Id": {}}, {"Id": "5", "Name": None}, {"Name": "no number"}]) == (
        Connector(5),
    )
    assert read_config_fields([7, {"fieldkey": "SERVER"}, {"DisplayName": "no key"}]) == (
        ConfigField("SERVER"),
    )


BOTH = 'NO:"Norsk";US:"English"'


def test_every_text_of_a_tenant_is_read_in_the_wanted_language() -> None:
    engine = read_engine({"IsRunning": True, "StatusMessage": BOTH}, "no")
    summary = read_summary(
        {"Actors": [{"ActorType": "A", "Defaults": BOTH, "Mappings": "[SR_X]"}]}, "no"
    )
    (linked,) = read_linked(
        [{"ConnectionName": BOTH, "ErpFields": [{"FieldKey": "k", "DisplayName": BOTH}]}], "no"
    )
    (task,) = read_batch_tasks([{"Id": 1, "State": "New", "Name": BOTH, "Result": "[SR_X]"}], "no")
    assert engine.message == "Norsk"
    assert summary.actors[0].defaults == "Norsk"
    assert summary.actors[0].mappings.startswith("SR_X (a resource id")
    assert (linked.name, linked.fields) == ("Norsk", ("Norsk (k)",))
    assert task.name == "Norsk"
    assert task.result.startswith("SR_X (a resource id")


@pytest.mark.parametrize(
    ("tip", "url", "tool_tip"),
    [
        ("https://erp.example/sync", "https://erp.example/sync", ""),
        ("app://connector", "app://connector", ""),
        ("The connector of head office", "", "The connector of head office"),
        (None, "", ""),
    ],
)
def test_only_what_reads_as_an_address_is_called_one(tip: str | None, url: str, tool_tip: str) -> None:
    (connector,) = read_connectors([{"Id": 1, "Name": "Main", "ToolTip": tip}])
    assert (connector.url, connector.tool_tip) == (url, tool_tip)


async def test_of_what_holds_configuration_values_no_answer_stays_in_memory(
    open_service: Open, tmp_path: Path
) -> None:
    with RunningSimulator(still=True, connections=120) as many:
        service = open_service(superoffice=Profiles(many, tmp_path).superoffice())
        listed = await service.superoffice.connections(include_deleted=True)
        assert len(listed) > 100
        await service.superoffice.connection_fields(listed[0].id)
        (transport,) = service._transports.values()
        assert transport.polled._known._known == {}
