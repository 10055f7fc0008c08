"""Every kind of failure of every list says what it is, and the next step; a good response follows."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.simulator import RunningSimulator
from tui.api.live_service import LiveService

WORDS = {
    "status:400": "rejected the request",
    "status:401": "refused the login",
    "status:402": "a licence is missing",
    "status:403": "permission missing|refuses this call",
    "forbidden": "permission missing|no access",
    "status:404": "not found on|offers",
    "status:405": "does not offer|offers",
    "status:409": "conflict",
    "status:412": "precondition|missing header",
    "status:418": "refused the request",
    "421": "not served at this address",
    "status:422": "rejected",
    "status:429,600": "fewer requests",
    "status:500": "failed",
    "status:502": "gateway",
    "status:503,600": "temporarily unavailable",
    "status:504": "gateway",
    "status:599": "failed",
    "html": "web page|HTML",
    "html:503": "temporarily unavailable",
    "redirect-login": "login page",
    "null": "is empty|null",
    "empty": "empty|null",
    "message:no such thing": "no such thing",
    "broken-json": "JSON|broken",
    "reset": "dropped the connection",
    "lost": "dropped the connection",
    "truncated": "ended after|dropped",
    "oversized:2": "larger than 1 MB",
    "wrong-types": "expected|can be read",
}
"""A fault, and the words of which one is said."""


async def all_of(pages: AsyncIterator[object]) -> list[object]:
    return [page async for page in pages]


LISTS: dict[str, tuple[str, Callable[[LiveService], Awaitable[object]]]] = {
    "workers": (r"GET .*/workers$", lambda service: service.jtl.workers()),
    "status": (r"GET .*/workers/status$", lambda service: service.jtl.worker_status()),
    "extensions": (r"GET .*/extensions$", lambda service: all_of(service.jtl.extensions())),
    "engine": (r"GetEngineStatus$", lambda service: service.superoffice.engine_status()),
    "connections": (r"GetAllConnections$", lambda service: service.superoffice.connections()),
}


@pytest.mark.parametrize("topic", LISTS)
async def test_a_failure_says_what_it_is_and_the_next_step(
    erp: RunningSimulator, open_service: Open, profiles: Profiles, topic: str
) -> None:
    path, read = LISTS[topic]
    service = open_service(profiles.cloud(), profiles.superoffice(), connection={"max_response_mb": 1})
    for fault, words in WORDS.items():
        erp.fault(f"{path}={fault}")
        failed = await failure_of(read(service))
        assert any(word in failed.sentence for word in words.split("|")), (fault, failed.sentence)
        assert failed.next_step[0].isupper(), failed.next_step
        erp.clear_faults()
        assert await read(service), fault
