"""The list of syncs is polled seldom; a sync that is new is there with the next status (L7)."""

from tests.store.test_poller import Desk
from tui.domain.jtl.workers import WorkerStatus
from tui.store.snapshot import Topic


async def test_l7_the_list_is_asked_for_once_when_the_status_names_a_sync_that_it_lacks() -> None:
    desk = Desk(every={Topic.WORKERS: 60.0, Topic.STATUS: 5.0})
    desk.poller.start()
    await desk.time.advance(11)
    assert desk.asked("workers") == 1
    desk.service.more_statuses = (WorkerStatus("b"),)
    await desk.time.advance(20)
    assert desk.asked("workers") == 1
    desk.service.more_statuses = (WorkerStatus("B"), WorkerStatus("c"))
    await desk.time.advance(6)
    assert desk.asked("workers") == 1
    await desk.poller.aclose()
