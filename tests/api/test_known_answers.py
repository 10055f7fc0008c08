"""What a server says again is not read again: it is the very same, so nobody has to compare it."""

from tests.api.conftest import Open, Profiles
from tests.drivers.simulator import RunningSimulator
from tui.api.http.bounded_cache import MOST, BoundedCache


async def test_an_answer_that_says_the_same_gives_the_very_same_rows(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    assert await service.jtl.workers() is await service.jtl.workers()
    assert await service.jtl.worker_status() is await service.jtl.worker_status()
    first = [page.items async for page in service.jtl.extensions()]
    assert [page.items async for page in service.jtl.extensions()] == first


async def test_of_an_answer_that_changed_only_what_changed_is_made_anew(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    before = {sync.id: sync for sync in await service.jtl.workers()}
    erp.state(jtl={"workers": {"Temu DE": {"interval": 420}}})
    after = await service.jtl.workers()
    changed = [sync for sync in after if sync is not before[sync.id]]
    assert [(sync.channel, sync.interval.seconds) for sync in changed] == [("Temu DE", 420)]


async def test_a_text_that_cannot_be_shown_is_told_from_the_one_that_it_looks_like(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.cloud())
    account = next(o for o in erp.world.jtl.kinds["Temu"].options if o.name == "Account")
    seen = []
    for text in ("a b", "a\tb", "a b"):
        account.value = text
        erp.world.jtl.trees.clear()
        options = {
            o.name: o
            for sync in await service.jtl.workers()
            if sync.kind == "Temu"
            for o in sync.options
        }
        seen.append((options["Account"].value, options["Account"].altered))
    assert seen == [("a b", False), ("a b", True), ("a b", False)]


def test_only_so_much_is_remembered_and_the_oldest_goes_first() -> None:
    lately = BoundedCache[int, str]()
    for number in range(MOST + 1):
        lately.put(number, f"{number}")
        lately.put(1, "again")
    assert (lately.get(0), lately.get(1), lately.get(MOST)) == (None, "again", f"{MOST}")
