"""A simulator over real HTTP, and services of every kind that speak to it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.simulator import RunningSimulator
from tui.api.http.transport import Time
from tui.api.live_service import LiveService
from tui.api.settings import (
    BearerToken,
    ClientCredentials,
    ConnectionSettings,
    FileRef,
    JtlSettings,
    ServiceSettings,
    SuperOfficeSettings,
    SystemUser,
    WawiKey,
)

AT_ONCE = Time(jitter=lambda: 0.0)
"""The real clocks, but a read's next try comes without a pause."""


class Profiles:
    """Settings of a profile that reaches the simulator; secrets lie in files."""

    def __init__(self, erp: RunningSimulator, home: Path) -> None:
        self.erp = erp
        self._home = home

    def secret(self, text: str, name: str = "secret") -> FileRef:
        path = self._home / name
        path.write_text(text)
        path.chmod(0o600)
        return FileRef(path)

    def cloud(self, **changes: Any) -> JtlSettings:
        auth = ClientCredentials(
            self.erp.token_url, self.erp.client_id, self.secret(self.erp.client_secret, "client")
        )
        wanted: dict[str, Any] = {"auth": auth, "api_version": "v1", "tenant_id": self.erp.tenant_id}
        return JtlSettings(self.erp.cloud_base, **(wanted | changes))

    def on_premises(self, **changes: Any) -> JtlSettings:
        auth = WawiKey(self.secret(self.erp.api_key, "key"))
        wanted: dict[str, Any] = {"auth": auth, "api_version": "v1", "deployment": "on-premises"}
        return JtlSettings(self.erp.onprem_base, **(wanted | changes))

    def superoffice(self, **changes: Any) -> SuperOfficeSettings:
        wanted = {"auth": BearerToken(self.secret(self.erp.so_token, "token"))} | changes
        return SuperOfficeSettings(self.erp.so_base, **wanted)

    def online(self, **changes: Any) -> SuperOfficeSettings:
        """The same tenant, named by its customer id."""
        return replace(
            self.superoffice(**changes),
            base_url=None,
            environment="sod",
            customer_id=self.erp.so_tenant,
            state_url=self.erp.so_state_url,
        )

    def system_user(self, **changes: Any) -> SystemUser:
        wanted: dict[str, Any] = {
            "system_user_token": self.secret(self.erp.so_system_user_token, "system-user-token"),
            "private_key": self.secret(self.erp.so_private_key, "key.pem"),
            "context_id": self.erp.so_tenant,
            "login_url": self.erp.so_login_url,
        } | changes
        return SystemUser(**wanted)


Open = Callable[..., LiveService]


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True, extensions=3) as erp:
        yield erp


@pytest.fixture
def erp(running: RunningSimulator) -> RunningSimulator:
    running.clear_faults()
    running.clear_log()
    return running


@pytest.fixture
def profiles(erp: RunningSimulator, tmp_path: Path) -> Profiles:
    return Profiles(erp, tmp_path)


@pytest.fixture
async def open_service() -> AsyncIterator[Open]:
    """Build services that are closed after the test."""
    async with AsyncExitStack() as stack:

        def opened(
            jtl: JtlSettings | None = None, superoffice: SuperOfficeSettings | None = None, **more: Any
        ) -> LiveService:
            connection = ConnectionSettings(**more.pop("connection", {}))
            settings = ServiceSettings(jtl, superoffice, connection)
            service = LiveService(settings, **{"time": AT_ONCE} | more)
            stack.push_async_callback(service.aclose)
            return service

        yield opened


@pytest.fixture
def both(open_service: Open, profiles: Profiles) -> LiveService:
    """Cloud JTL under /v1 and SuperOffice with a bearer token."""
    return open_service(profiles.cloud(), profiles.superoffice())


async def failure_of(call: Awaitable[object]) -> Any:
    """The `ErpError` that a call ends with."""
    from tui.api.errors import ErpError

    with pytest.raises(ErpError) as caught:
        await call
    return caught.value
