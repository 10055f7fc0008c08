"""`api_version = "auto"`: found by the list, remembered, looked for again when it is gone."""

import asyncio
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.simulator import RunningSimulator
from tui.api import errors
from tui.api.jtl.version_memory import Family, FileVersions
from tui.api.live_service import LiveService
from tui.domain.jtl.workers import ControlAction
from tui.domain.writes import ConfigureWorker, ControlWorker, CreateExtension


@pytest.fixture
def auto(profiles: Profiles, open_service: Open) -> LiveService:
    return open_service(profiles.cloud(api_version="auto"))


def lists(erp: RunningSimulator) -> list[str]:
    return [entry["path"].removeprefix("/erp") for entry in erp.received("GET")]


async def test_version_1_is_tried_first_and_kept(erp: RunningSimulator, auto: LiveService) -> None:
    await auto.jtl.workers()
    await auto.jtl.worker_status()
    assert lists(erp) == ["/v1/workers", "/v1/workers/status"]


@pytest.mark.parametrize(
    "refusal", ["status:404", "status:405", "quirk:1", "quirk:3", "quirk:4", "quirk:13"]
)
async def test_what_is_not_here_is_looked_for_there(
    erp: RunningSimulator, auto: LiveService, refusal: str
) -> None:
    erp.fault(f"/v1/workers={refusal}")
    assert len(await auto.jtl.workers()) == 12
    erp.fault(f"/v2/workers={refusal}")
    assert len(await auto.jtl.workers()) == 12
    assert lists(erp) == [
        "/v1/workers",
        "/v2/workers",
        "/v2/workers",
        "/v1/workers",
        "/v2/workers",
        "/workers",
    ]


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        ("status:401", errors.NotAuthorised),
        ("forbidden", errors.Forbidden),
        ("status:429,1", errors.Throttled),
        ("status:500", errors.ServerFailed),
        ("status:400", errors.Rejected),
        ("hang", errors.TimedOut),
        ("html", errors.BadAnswer),
    ],
)
async def test_a_failure_is_no_reason_to_try_another_version(
    erp: RunningSimulator,
    profiles: Profiles,
    open_service: Open,
    refusal: str,
    kind: type[errors.ErpError],
) -> None:
    service = open_service(profiles.cloud(api_version="auto"), connection={"read_timeout": 0.5})
    erp.fault(f"/v1/workers={refusal}")
    assert type(await failure_of(service.jtl.workers())) is kind
    assert set(lists(erp)) == {"/v1/workers"}


async def test_nowhere_is_said_in_one_sentence(erp: RunningSimulator, auto: LiveService) -> None:
    erp.fault("workers=status:404")
    failed = await failure_of(auto.jtl.workers())
    assert type(failed) is errors.NotFound
    assert failed.sentence == "JTL-Wawi offers workers in none of /v1, /v2 and unversioned"
    erp.clear_faults()
    erp.fault("workers=status:405")
    assert type(await failure_of(auto.jtl.workers())) is errors.NotOffered


async def test_families_are_independent(erp: RunningSimulator, auto: LiveService) -> None:
    erp.fault("/v1/workers=status:404")
    await auto.jtl.workers()
    async for _ in auto.jtl.extensions():
        pass
    made = await auto.jtl.create_extension(CreateExtension("de.acme.independent", "1", "ff"))
    assert made.status_word == "pending"
    assert erp.received("POST", "/extensions")[0]["path"] == "/erp/v1/extensions"


async def test_a_write_before_any_list_finds_its_version_first(
    erp: RunningSimulator, auto: LiveService
) -> None:
    erp.fault("/v1/workers=status:404")
    sync = erp.worker_id("Hauptshop")
    await auto.jtl.configure_worker(ConfigureWorker(sync, "00:30:00"))
    assert [entry["path"] for entry in erp.received("POST", "/workers")] == [f"/erp/v2/workers/{sync}"]
    assert auto.preview(ConfigureWorker(sync, "00:30:00")).url.endswith(f"/v2/workers/{sync}")


async def test_those_who_ask_at_once_share_one_search(erp: RunningSimulator, auto: LiveService) -> None:
    erp.fault("/v1/workers=status:404")
    await asyncio.gather(auto.jtl.worker_status(), auto.jtl.worker_status(), auto.jtl.workers())
    assert lists(erp).count("/v1/workers") == 1


async def test_l7_who_waits_for_the_list_of_a_search_gets_it_and_later_ones_are_requested(
    erp: RunningSimulator, auto: LiveService
) -> None:
    _, listed = await asyncio.gather(auto.jtl.worker_status(), auto.jtl.workers())
    assert (len(listed), lists(erp).count("/v1/workers")) == (12, 1)
    assert len(await auto.jtl.workers()) == 12
    assert lists(erp).count("/v1/workers") == 2


async def test_those_who_waited_for_a_search_that_failed_do_not_search_again(
    erp: RunningSimulator, auto: LiveService
) -> None:
    erp.fault("/v1/workers=status:500*1")
    asked = (auto.jtl.workers(), auto.jtl.worker_status(), auto.jtl.workers())
    failures = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(failure) for failure in failures] == [errors.ServerFailed] * 3
    assert lists(erp) == ["/v1/workers"]
    assert len(await auto.jtl.workers()) == 12


async def test_the_version_outlives_the_process(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, tmp_path: Path
) -> None:
    path = tmp_path / "cache" / "versions.json"
    erp.fault("/v1/workers=status:404")
    await open_service(
        profiles.cloud(api_version="auto"), versions=FileVersions(path, "acme")
    ).jtl.workers()
    erp.clear_log()
    await open_service(
        profiles.cloud(api_version="auto"), versions=FileVersions(path, "acme")
    ).jtl.workers()
    assert lists(erp) == ["/v2/workers"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert FileVersions(path, "other").get(Family.WORKERS) is None


@pytest.mark.parametrize("content", ["", "[]", '{"acme": 7}', '{"acme": {"workers": "v9"}}', "\xff{"])
async def test_a_spoiled_cache_is_only_a_cache(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "versions.json"
    path.write_text(content, encoding="latin-1")
    service = open_service(profiles.cloud(api_version="auto"), versions=FileVersions(path, "acme"))
    assert len(await service.jtl.workers()) == 12
    assert FileVersions(path, "acme").get(Family.WORKERS) == "v1"


@pytest.mark.parametrize("spoil", [os.mkfifo, Path.mkdir, lambda path: path.write_text("[" * 100_000)])
async def test_what_stands_in_the_place_of_the_cache_is_set_aside_once_and_told(
    profiles: Profiles, open_service: Open, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    path = tmp_path / "versions.json"
    spoil(path)
    memory = FileVersions(path, "acme")
    aside = tmp_path / "versions.json.broken"
    assert memory.troubles == [f"the cache of API versions is broken and was set aside: {aside}"]
    service = open_service(profiles.cloud(api_version="auto"), versions=memory)
    assert len(await service.jtl.workers()) == 12
    assert path.is_file()
    assert aside.exists()
    again = FileVersions(path, "acme")
    assert (again.get(Family.WORKERS), again.troubles) == ("v1", [])


async def test_a_pipe_that_takes_the_place_of_the_cache_meanwhile_is_not_waited_for(
    profiles: Profiles, open_service: Open, tmp_path: Path
) -> None:
    path = tmp_path / "versions.json"
    memory = FileVersions(path, "acme")
    os.mkfifo(path)
    service = open_service(profiles.cloud(api_version="auto"), versions=memory)
    assert len(await service.jtl.workers()) == 12
    assert FileVersions(path, "acme").get(Family.WORKERS) == "v1"


async def test_a_cache_that_cannot_be_written_is_done_without(
    profiles: Profiles, open_service: Open, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no directory")
    memory: Any = FileVersions(tmp_path / "file" / "versions.json", "acme")
    assert (
        len(await open_service(profiles.cloud(api_version="auto"), versions=memory).jtl.workers()) == 12
    )


@pytest.mark.parametrize("fault", ["reset", "hang", "status:504", "html", "status:404"])
async def test_a_write_whose_version_could_not_be_found_was_not_sent(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, fault: str
) -> None:
    service = open_service(profiles.cloud(api_version="auto"), connection={"read_timeout": 0.5})
    erp.fault(f"GET .*/workers={fault}")
    write = ConfigureWorker(erp.worker_id("Hauptshop"), "00:30:00")
    failed = await failure_of(service.jtl.configure_worker(write))
    assert not failed.sent
    assert erp.received("POST", "/workers/") == []


async def test_nothing_is_previewed_under_a_version_that_is_only_presumed(
    erp: RunningSimulator, auto: LiveService
) -> None:
    write = ConfigureWorker(erp.worker_id("Hauptshop"), "00:30:00")
    with pytest.raises(errors.VersionUnknown) as told:
        auto.preview(write)
    assert told.value.sentence == "the API version of this server is not known yet"
    assert told.value.next_step == "Wait for the list, or set api_version in the profile"
    assert not told.value.sent
    await auto.jtl.workers()
    assert auto.preview(write).url.endswith(f"/v1/workers/{write.sync_id}")
    with pytest.raises(errors.VersionUnknown):
        auto.preview(CreateExtension("de.acme.other-family", "1", "ff"))
    assert erp.received("POST", "/workers/") == []


async def test_a_version_of_an_earlier_run_is_known_to_the_preview(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, tmp_path: Path
) -> None:
    path = tmp_path / "versions.json"
    FileVersions(path, "acme").set(Family.WORKERS, "v2")
    service = open_service(profiles.cloud(api_version="auto"), versions=FileVersions(path, "acme"))
    assert service.preview(ConfigureWorker("a1", "00:30:00")).url.endswith("/v2/workers/a1")


async def test_a_version_that_is_gone_again_is_no_longer_previewed(
    erp: RunningSimulator, auto: LiveService
) -> None:
    await auto.jtl.workers()
    erp.fault("GET .*/workers=status:404")
    await failure_of(auto.jtl.workers())
    with pytest.raises(errors.VersionUnknown):
        auto.preview(ConfigureWorker("a1", "00:30:00"))


async def test_d7_a_write_that_waited_for_another_version_than_it_was_shown_for_is_not_sent(
    erp: RunningSimulator, auto: LiveService
) -> None:
    stop = ControlWorker(erp.worker_id("Temu DE"), ControlAction.STOP)
    await auto.jtl.workers()
    assert "/v1/" in auto.preview(stop).url
    erp.fault("GET /erp/v1/workers=status:404")
    erp.fault("GET /erp/v2/workers=slow:0.5")
    listing = asyncio.create_task(auto.jtl.workers())
    await asyncio.to_thread(erp.wait_received, "GET", "/v2/workers")
    failure = await failure_of(auto.jtl.control_worker(stop))
    await listing
    assert type(failure) is errors.VersionUnknown
    assert "changed from v1 to v2" in failure.sentence
    assert not failure.sent
    assert erp.received("PUT") == []
