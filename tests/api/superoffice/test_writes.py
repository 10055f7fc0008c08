"""Everything that is sent to the ErpSync agent: method, path and body as the server got them, and what
its answer turns into."""

from typing import Any

import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.simulator import RunningSimulator
from tui.api.errors import BadAnswer
from tui.api.live_service import LiveService
from tui.domain.writes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    ForceResync,
    ForceResyncExternal,
    SavePriorities,
    SuperOfficeWrite,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
)

AGENT = "/Cust12345/api/v1/Agents/ErpSync"
RESYNC = {"ErpConnectionId": 1, "InternalKeyIds": [670, 47]}
EXTERNAL = {"ErpConnectionId": 1, "ErpActorType": "Customer", "ExternalKeys": ["A1"]}


async def send(service: LiveService, write: SuperOfficeWrite) -> Any:
    calls: dict[type, Any] = {
        ChangeEngineStatus: service.superoffice.change_engine_status,
        ChangeEngineInterval: service.superoffice.change_engine_interval,
        SyncAll: service.superoffice.sync_all,
        ForceResync: service.superoffice.force_resync,
        ForceResyncExternal: service.superoffice.force_resync,
        ToggleConnection: service.superoffice.toggle_connection,
        UpdateConnectionFields: service.superoffice.update_connection_fields,
        SavePriorities: service.superoffice.save_priorities,
    }
    return await calls[type(write)](write)


@pytest.mark.parametrize(
    ("write", "method", "body"),
    [
        (ChangeEngineStatus(run=False), "ChangeEngineStatus", {"Run": False}),
        (ChangeEngineInterval("00:20:00"), "ChangeEngineInterval", {"Interval": "00:20:00"}),
        (SyncAll(), "SyncAll", None),
        (SyncAll(forced=True), "ForceSyncAll", None),
        (ForceResync(1, (670, 47)), "ForceResync", RESYNC),
        (ForceResync(1, (670, 47), no_blanks=True), "ForceResyncNoBlankValues", RESYNC),
        (ForceResync(1, (670, 47), as_batch=True), "ForceResyncBatchTask", RESYNC),
        (ForceResync(0), "ForceResync", {"ErpConnectionId": 0, "InternalKeyIds": []}),
        (ForceResyncExternal(1, "Customer", ("A1",)), "ForceResyncExternal", EXTERNAL),
        (
            ForceResyncExternal(1, "Customer", ("A1",), no_blanks=True),
            "ForceResyncExternalNoBlankValues",
            EXTERNAL,
        ),
        (ToggleConnection(1, active=False), "ToggleErpConnectionActive", {"ErpConnectionId": 1}),
        (UpdateConnectionFields(1), "UpdateConnectionFields", {"ErpConnectionId": 1}),
        (SavePriorities((2, 1)), "SaveErpConnectionSyncPriorities", {"ErpConnectionIds": [2, 1]}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_write_is_one_post_with_exactly_this(
    erp: RunningSimulator,
    profiles: Profiles,
    open_service: Open,
    write: SuperOfficeWrite,
    method: str,
    body: object,
) -> None:
    service = open_service(superoffice=profiles.superoffice())
    shown = service.preview(write)
    await send(service, write)
    (request,) = erp.log()
    assert (request["method"], request["path"]) == ("POST", f"{AGENT}/{method}")
    assert request["body"] == body
    assert shown.url.endswith(f"{AGENT}/{method}")
    assert request["headers"]["authorization"].startswith("Bearer ")
    assert request["headers"]["so-timezone"] == "UTC, includeTZOffset"


async def test_a_refused_toggle_brings_every_reason(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(superoffice=profiles.superoffice())
    assert await service.superoffice.toggle_connection(ToggleConnection(3, active=True)) == (
        "Mandatory field CUSTNO has no sync direction",
        "Mandatory field VATNO has no sync direction",
    )


async def test_a_batch_resync_answers_nothing(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(superoffice=profiles.superoffice())
    assert await service.superoffice.force_resync(ForceResync(1, (670,), as_batch=True)) is None


@pytest.mark.parametrize(
    "write",
    [ToggleConnection(1, active=False), SavePriorities((2, 1)), ChangeEngineInterval("00:20:00")],
)
@pytest.mark.parametrize("fault", ["null", "message:no such parameter", "html"])
async def test_a_success_that_says_something_else_is_no_success(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, write: SuperOfficeWrite, fault: str
) -> None:
    erp.fault(f"ErpSync={fault}")
    service = open_service(superoffice=profiles.superoffice())
    with pytest.raises(BadAnswer) as failure:
        await send(service, write)
    assert failure.value.sent
    assert ("no such parameter" in failure.value.sentence) is fault.startswith("message")


async def test_d12_a_text_that_is_not_unicode_is_never_replaced(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(superoffice=profiles.superoffice())
    keys = ("A1", "M\udcfcller")
    failure = await failure_of(
        service.superoffice.force_resync(ForceResyncExternal(1, "Customer", keys))
    )
    assert not failure.sent
    assert failure.sentence == "a value to be sent is not valid Unicode text"
    assert erp.received("POST", "ForceResync") == []
