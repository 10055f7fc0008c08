"""The curl line of a write, run by bash, is the console's own request: the server sees no difference."""

import asyncio
import os
import shutil
import subprocess
from contextlib import suppress
from typing import Any

import pytest

from tests.api.conftest import Open, Profiles
from tests.drivers.simulator import RunningSimulator
from tui.api.errors import ErpError
from tui.api.live_service import LiveService
from tui.api.service import MASK, RequestPreview
from tui.api.settings import BasicLogin, SoTicket, WebSession
from tui.domain.jtl.workers import ControlAction
from tui.domain.writes import (
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    ForceResync,
    PushManifest,
    UpdateExtension,
    Write,
)
from tui.ops.curl_command import curl, variables
from tui.ops.operations.kinds import kind_of

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
THEIR_OWN = {"accept-encoding", "connection"}
"""Headers that a client adds for itself."""
NASTY = 'it\'s "$HOME" `id` $(id) \\ ! ümläut\n* ~ # & ; | <> {a,b} [0-9]'


def as_received(entry: dict[str, Any]) -> dict[str, Any]:
    headers = {name: value for name, value in entry["headers"].items() if name not in THEIR_OWN}
    return {
        "method": entry["method"],
        "path": entry["path"],
        "query": entry["query"],
        "headers": headers,
        "body": entry["body"],
    }


def secrets_of(preview: RequestPreview, entry: dict[str, Any], write: Write) -> list[str]:
    """What the variables stand for, in the order of the masks, read from the console's own request."""
    found = []
    for name, value in preview.headers:
        if MASK in value:
            found.append(entry["headers"][name.lower()].removeprefix(value.partition(MASK)[0]))
    if isinstance(write, PushManifest):
        found += list(entry["body"].values())
    return found


async def run(line: str, **environment: str) -> None:
    """Run the line by bash, in a process of its own."""
    done = await asyncio.to_thread(
        subprocess.run,
        ["bash", "-euc", line],
        env={"PATH": os.environ["PATH"], "HOME": "/nowhere", "LANG": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("HTTP/1.1"), done.stdout


async def same(erp: RunningSimulator, service: LiveService, write: Write) -> str:
    """Send `write`, then its curl line, and compare what the simulator received; the line."""
    handler = kind_of(write).send
    preview = service.preview(write)
    with suppress(ErpError):
        await handler(service, write)
    sent = erp.log()[-1]
    line = curl(preview)
    values = dict(zip(variables(preview), secrets_of(preview, sent, write), strict=True))
    assert [name for name, value in values.items() if value in line] == []
    await run(line, **values)
    received = erp.log()[-1]
    assert received is not sent
    assert as_received(received) == as_received(sent)
    return line


ANY_ID = "5f2c7a10-0000-0000-0000-00000000abcd"
WRITES: tuple[Write, ...] = (
    ConfigureWorker(ANY_ID, "00:10:00", (("5f2c7a10-0000-0000-0000-00000000abce", NASTY),)),
    ControlWorker(ANY_ID, ControlAction.STOP),
    CreateExtension("de.muster.zoll", NASTY, "ab" * 64),
    UpdateExtension(ANY_ID, version=NASTY, status=0),
    DeleteExtension(ANY_ID),
    PushManifest(ANY_ID, b'{"name": "it\'s"}\n\x00\xff', b"\x01\x02" * 40),
    ForceResync(1, (670, 47)),
    ForceResync(0),
)


@needs_curl
@pytest.mark.parametrize("write", WRITES, ids=lambda write: type(write).__name__)
async def test_bash_and_curl_send_what_the_console_sends(
    erp: RunningSimulator, both: LiveService, write: Write
) -> None:
    await same(erp, both, write)


@needs_curl
async def test_every_way_to_log_in_has_its_own_variables(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    on_premises = open_service(profiles.on_premises(api_key=profiles.secret("gateway", "gateway")))
    line = await same(erp, on_premises, ControlWorker(ANY_ID, ControlAction.START))
    assert '-H "Authorization: Wawi $JTL_API_KEY"' in line
    assert '-H "x-api-key: $JTL_X_API_KEY"' in line
    ways = {
        "SUPEROFFICE_BASIC": BasicLogin(erp.so_user, profiles.secret(erp.so_password, "p")),
        "SUPEROFFICE_TICKET": SoTicket(profiles.secret(erp.so_ticket, "t")),
        "SUPEROFFICE_COOKIE": WebSession(
            profiles.secret(erp.so_cookie, "c"), profiles.secret(erp.so_xsrf, "x")
        ),
    }
    for variable, auth in ways.items():
        app_token = profiles.secret(erp.so_app_token, "a")
        service = open_service(None, profiles.superoffice(auth=auth, app_token=app_token))
        line = await same(erp, service, ForceResync(1))
        assert f'${variable}"' in line
        assert '"SO-AppToken: $SUPEROFFICE_SO_APPTOKEN"' in line
