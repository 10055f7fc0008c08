"""The calls that everything began with: exact method, path, headers and body, as the server got them."""

from typing import Any

import pytest

from tests.api.conftest import Open, Profiles
from tests.drivers.simulator import RunningSimulator
from tui.api.live_service import LiveService
from tui.api.service import MASK
from tui.domain.jtl.workers import ControlAction
from tui.domain.writes import (
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    ForceResync,
    PushManifest,
    UpdateExtension,
)

AGENT = "/Cust12345/api/v1/Agents/ErpSync"


def last(erp: RunningSimulator) -> dict[str, Any]:
    return erp.log()[-1]


async def an_extension(service: LiveService) -> str:
    async for page in service.jtl.extensions():
        return page.items[0].id
    raise AssertionError("no page")


async def test_configure_posts_only_what_changed_to_the_unversioned_path(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(
        profiles.cloud(
            api_version="unversioned",
            api_version_header="1.1",
            run_as="7",
            company_id="1",
            session_id="5f2c7a10-0000-0000-0000-000000000001",
            api_key=profiles.secret("gateway-key", "gateway"),
        )
    )
    sync = (await service.jtl.workers())[0]
    option = sync.options[0]
    now = await service.jtl.configure_worker(
        ConfigureWorker(sync.id, "00:10:00", ((option.id, "false"),))
    )
    request = last(erp)
    assert (request["method"], request["path"]) == ("POST", f"/erp/workers/{sync.id}")
    assert request["body"] == {
        "Interval": "00:10:00",
        "Configs": [{"Identifier": option.id, "Value": "false"}],
    }
    headers = request["headers"]
    assert headers["authorization"].startswith("Bearer sim-access-")
    assert headers["x-tenant-id"] == erp.tenant_id
    assert (headers["x-appid"], headers["x-appversion"]) == ("syncdeck/0.1.0", "0.1.0")
    assert headers["x-api-key"] == "gateway-key"
    assert headers["api-version"] == "1.1"
    assert (headers["x-runas"], headers["x-companyid"]) == ("7", "1")
    assert headers["x-sessionid"] == "5f2c7a10-0000-0000-0000-000000000001"
    assert headers["content-type"] == "application/json"
    assert (now.interval.seconds, now.options[0].value) == (600, "false")


async def test_the_interval_alone_leaves_the_options_out(
    erp: RunningSimulator, both: LiveService
) -> None:
    sync = (await both.jtl.workers())[0]
    await both.jtl.configure_worker(ConfigureWorker(sync.id, "00:15:00"))
    assert last(erp)["body"] == {"Interval": "00:15:00"}


async def test_an_option_alone_leaves_the_interval_out(erp: RunningSimulator, both: LiveService) -> None:
    sync = (await both.jtl.workers())[0]
    await both.jtl.configure_worker(ConfigureWorker(sync.id, options=((sync.options[0].id, "true"),)))
    assert last(erp)["body"] == {"Configs": [{"Identifier": sync.options[0].id, "Value": "true"}]}


@pytest.mark.parametrize(("release", "key"), [(None, "configurations"), ("2.0", "configs")])
async def test_version_2_is_spoken_in_camel_case(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, release: str | None, key: str
) -> None:
    service = open_service(profiles.cloud(api_version="v2", api_version_header=release))
    sync = (await service.jtl.workers())[0]
    await service.jtl.configure_worker(
        ConfigureWorker(sync.id, "00:10:00", ((sync.options[0].id, "true"),))
    )
    request = last(erp)
    assert request["path"] == f"/erp/v2/workers/{sync.id}"
    assert "api-version" not in request["headers"]
    assert request["body"] == {
        "interval": "00:10:00",
        key: [{"identifier": sync.options[0].id, "value": "true"}],
    }
    await service.jtl.control_worker(ControlWorker(sync.id, ControlAction.STOP))
    assert last(erp)["body"] == {"action": 1}


async def test_an_update_patches_the_unversioned_extension(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud(api_version="unversioned", company_id="1"))
    known_id = await an_extension(service)
    now = await service.jtl.update_extension(UpdateExtension(known_id, version="2.0.0", status=2))
    request = last(erp)
    assert (request["method"], request["path"]) == ("PATCH", f"/erp/extensions/{known_id}")
    assert request["body"] == {"Version": "2.0.0", "Status": 2}
    assert "x-companyid" not in request["headers"]
    assert (now.version, now.status_word) == ("2.0.0", "active")


async def test_a_new_extension_is_posted_to_v1(erp: RunningSimulator, both: LiveService) -> None:
    made = await both.jtl.create_extension(CreateExtension("de.acme.labels", "1.0.0", "ab" * 64))
    request = last(erp)
    assert (request["method"], request["path"]) == ("POST", "/erp/v1/extensions")
    assert request["body"] == {
        "ExtensionId": "de.acme.labels",
        "Version": "1.0.0",
        "ManifestHash": "ab" * 64,
    }
    assert made.status_word == "pending"
    assert (await both.jtl.extension(made.id)).extension_id == "de.acme.labels"
    await both.jtl.delete_extension(DeleteExtension(made.id))
    assert (last(erp)["method"], last(erp)["path"]) == ("DELETE", f"/erp/v1/extensions/{made.id}")


async def test_a_manifest_goes_out_in_base64(erp: RunningSimulator, both: LiveService) -> None:
    from tests.api.conftest import failure_of

    known_id = await an_extension(both)
    failed = await failure_of(both.jtl.push_manifest(PushManifest(known_id, b"{}", b"\x00\xff")))
    request = last(erp)
    assert (request["method"], request["path"]) == ("PUT", f"/erp/v1/extensions/{known_id}/manifest")
    assert request["body"] == {"Manifest": "e30=", "Signature": "AP8="}
    assert "signature" in failed.sentence


@pytest.mark.parametrize(("action", "number"), [("START", 0), ("STOP", 1), ("RESTART", 2)])
async def test_control_puts_the_action(
    erp: RunningSimulator, both: LiveService, action: str, number: int
) -> None:
    sync = (await both.jtl.workers())[2]
    await both.jtl.control_worker(ControlWorker(sync.id, ControlAction[action]))
    request = last(erp)
    assert (request["method"], request["path"]) == ("PUT", f"/erp/v1/workers/{sync.id}")
    assert (request["body"], request["status"]) == ({"Action": number}, 204)


async def test_the_status_of_one_sync_is_asked_by_its_id(
    erp: RunningSimulator, both: LiveService
) -> None:
    sync = (await both.jtl.workers())[3]
    statuses = await both.jtl.worker_status(sync.id)
    assert last(erp)["query"] == {"syncId": sync.id}
    assert [status.id for status in statuses] == [sync.id]


async def test_the_engine_is_asked_with_an_empty_post(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(
        None,
        profiles.superoffice(
            language="de", culture="de-DE", app_token=profiles.secret(erp.so_app_token, "app")
        ),
    )
    engine = await service.superoffice.engine_status()
    request = last(erp)
    assert (request["method"], request["path"]) == ("POST", f"{AGENT}/GetEngineStatus")
    assert (request["query"], request["body"]) == ({}, None)
    headers = request["headers"]
    assert headers["content-length"] == "0"
    assert headers["authorization"] == f"Bearer {erp.so_token}"
    assert headers["so-apptoken"] == erp.so_app_token
    assert (headers["so-language"], headers["accept-language"]) == ("de", "de")
    assert (headers["so-culture"], headers["so-timezone"]) == ("de-DE", "UTC, includeTZOffset")
    assert engine.word in ("running", "stopped")


async def test_a_resync_posts_connection_and_keys(erp: RunningSimulator, both: LiveService) -> None:
    answer = await both.superoffice.force_resync(ForceResync(1, (670, 47)))
    request = last(erp)
    assert (request["method"], request["path"]) == ("POST", f"{AGENT}/ForceResync")
    assert request["body"] == {"ErpConnectionId": 1, "InternalKeyIds": [670, 47]}
    assert answer is not None
    assert answer.ok is True


async def test_a_resync_of_everything_says_so_with_an_empty_list(
    erp: RunningSimulator, both: LiveService
) -> None:
    answer = await both.superoffice.force_resync(ForceResync(0))
    assert last(erp)["body"] == {"ErpConnectionId": 0, "InternalKeyIds": []}
    assert answer is not None
    assert answer.explanation == ""


async def test_connections_come_without_their_configuration_values(
    erp: RunningSimulator, both: LiveService
) -> None:
    connections = await both.superoffice.connections(include_deleted=True)
    assert last(erp)["body"] == {"IncludeDeleted": True}
    named = next(item for item in connections if item.config_field_names)
    assert "PASSWORD" in named.config_field_names
    assert named.raw["ConfigFields"] == dict.fromkeys(named.config_field_names, "•••")


@pytest.mark.parametrize("suffix", ["", "/", "/api", "/api/"])
async def test_the_tenant_is_found_with_or_without_api(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, suffix: str
) -> None:
    from dataclasses import replace

    settings = replace(profiles.superoffice(), base_url=erp.so_base + suffix)
    await open_service(None, settings).superoffice.engine_status()
    assert last(erp)["path"] == f"{AGENT}/GetEngineStatus"


WRITES = [
    ConfigureWorker("f1711f0f-1a61-4b33-8883-c584c6393311", "00:10:00", (("a", "Öl"),)),
    ControlWorker("f1711f0f-1a61-4b33-8883-c584c6393311", ControlAction.RESTART),
    CreateExtension("de.acme.x", "1", "ff"),
    UpdateExtension("f1711f0f-1a61-4b33-8883-c584c6393311", status=0),
    DeleteExtension("f1711f0f-1a61-4b33-8883-c584c6393311"),
    PushManifest("f1711f0f-1a61-4b33-8883-c584c6393311", b"m", b"s"),
    ForceResync(1, (5,)),
]


@pytest.mark.parametrize("write", WRITES, ids=lambda write: type(write).__name__)
async def test_the_preview_is_what_is_sent(erp: RunningSimulator, both: LiveService, write: Any) -> None:
    import json
    from contextlib import suppress

    from tui.api.errors import ErpError

    preview = both.preview(write)
    assert erp.log() == []
    send: Any = {
        ConfigureWorker: both.jtl.configure_worker,
        ControlWorker: both.jtl.control_worker,
        CreateExtension: both.jtl.create_extension,
        UpdateExtension: both.jtl.update_extension,
        DeleteExtension: both.jtl.delete_extension,
        PushManifest: both.jtl.push_manifest,
        ForceResync: both.superoffice.force_resync,
    }[type(write)]
    with suppress(ErpError):
        await send(write)
    sent = last(erp)
    assert preview.method == sent["method"]
    assert preview.url == erp.url + sent["path"]
    files = dict.fromkeys(sent["body"], MASK) if isinstance(write, PushManifest) else None
    assert (json.loads(preview.body) if preview.body else None) == (files or sent["body"])
    for name, value in preview.headers:
        shown = value.removesuffix("•••")
        assert sent["headers"][name.lower()].startswith(shown)
    assert "sim-" not in str(preview.headers)
