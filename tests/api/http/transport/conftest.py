"""A transport on a clock that a test moves."""

import pytest

from tests.api.http.transport.test_transport import Moving
from tui.api.http.client_pool import ClientPool
from tui.api.http.transport import Time, Transport
from tui.domain.profile import System


@pytest.fixture
def time() -> Moving:
    return Moving()


@pytest.fixture
def transport(time: Moving) -> Transport:
    clocks = Time(
        time.monotonic, lambda: time.clock().timestamp(), time.sleep, time.monotonic, lambda: 0.25
    )
    return Transport(System.JTL, ClientPool(), lambda *_: ("", ""), time=clocks)
