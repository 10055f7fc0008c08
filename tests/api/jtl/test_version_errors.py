"""Version errors in every form and language; a build that cannot list syncs (F2, F4)."""

import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.simulator import RunningSimulator
from tui.api.live_service import LiveService


@pytest.fixture
def auto(profiles: Profiles, open_service: Open) -> LiveService:
    return open_service(profiles.on_premises(api_version="auto"))


@pytest.mark.parametrize("form", ["quirk:15", "quirk:16"])
async def test_f2_a_version_refused_in_any_form_is_looked_for_elsewhere(
    erp: RunningSimulator, auto: LiveService, form: str
) -> None:
    erp.fault(f"/v1/workers={form}")
    assert len(await auto.jtl.workers()) == 12
    assert [entry["path"].rpartition("eazybusiness")[2] for entry in erp.received("GET")] == [
        "/v1/workers",
        "/v2/workers",
    ]


async def test_f2_the_setting_is_named_where_a_header_is_required(
    erp: RunningSimulator, auto: LiveService
) -> None:
    erp.fault("/v[12]/workers=status:404")
    erp.fault("/workers=quirk:17")
    failure = await failure_of(auto.jtl.workers())
    assert "An API version is required, but was not specified" in failure.sentence
    assert 'api_version_header in the profile: "1.0"' in failure.next_step


async def test_f2_with_the_header_the_same_server_answers(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    erp.fault("/workers=quirk:17")
    service = open_service(profiles.on_premises(api_version="auto", api_version_header="1.0"))
    assert len(await service.jtl.workers()) == 12


async def test_f2_the_words_of_the_older_form_are_shown(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    erp.fault("/workers=quirk:15")
    failure = await failure_of(open_service(profiles.on_premises()).jtl.workers())
    assert "does not support the API version '1'" in failure.sentence
    assert failure.code == "UnsupportedApiVersion"


async def test_f4_a_build_that_reads_the_list_as_an_id_is_named(
    erp: RunningSimulator, auto: LiveService
) -> None:
    erp.fault("/workers=quirk:1")
    failure = await failure_of(auto.jtl.workers())
    assert "cannot list workers: it reads the path as an id" in failure.sentence
    assert "should only contain hexadecimal characters" in failure.sentence
    assert "Nothing to correct in base_url" in failure.next_step
    pages = [page async for page in auto.jtl.extensions()]
    assert sum(len(page.items) for page in pages) == 3
