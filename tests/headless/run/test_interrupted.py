"""`syncdeck run` interrupted at each of its moments: every target has one result, and a true one."""

import json
import os
import signal

import pytest

from tests.drivers.command import started
from tests.drivers.simulator import RunningSimulator


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_while_the_lists_are_read(erp: RunningSimulator, number: signal.Signals, code: int) -> None:
    erp.fault("GET /erp/v1/workers=hang")
    running = started("run", "worker.stop", "Temu DE", "--yes")
    erp.wait_received("GET", "/workers")
    running.send_signal(number)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (code, "", "")
    assert erp.received("PUT") == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_while_an_effect_is_watched(erp: RunningSimulator, number: signal.Signals, code: int) -> None:
    erp.state(jtl={"control_delay": 3_600})
    running = started("run", "worker.stop", "Temu DE", "--json", "--yes")
    erp.wait_received("PUT")
    looks = len(erp.received("GET", "/workers/status"))
    erp.wait_received("GET", "/workers/status", looks + 1)
    running.send_signal(number)
    out, _ = running.communicate(timeout=30)
    assert running.returncode == code
    (result,) = json.loads(out)["results"]
    assert result["result"] == "accepted"
    assert result["sentence"].endswith("interrupted before its effect was seen")
    assert "before the response arrived" not in result["sentence"]


def test_after_one_target_is_final_it_is_told_once(erp: RunningSimulator) -> None:
    first, second, third = list(erp.world.jtl.extensions.values())[:3]
    erp.fault(f"PATCH .*/extensions/{second.id}=hang")
    running = started("run", "extension.toggle", first.id, second.id, third.id, "--yes")
    erp.wait_received("PATCH", second.id)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=30)
    assert running.returncode == 130
    told = [
        line.split(":")[0] for line in out.splitlines() if " · " in line and not line.startswith(" ")
    ]
    assert told == [
        f"applied · {first.extension_id}",
        f"unknown · {second.extension_id}",
        f"not sent · {third.extension_id}",
    ]
    assert out.count("interrupted before its turn came") == 1
    assert erp.received("PATCH", third.id) == []


@pytest.mark.parametrize(
    ("arguments", "method", "told"),
    [
        (("worker.stop", "Temu DE"), "PUT", "Request      PUT "),
        (
            ("force-resync", "1", "--set", "keys=1-1400", "--profile", "sim"),
            "POST .*Resync",
            "and Business Central DE · call 3 of 3",
        ),
        (("extension.toggle", "{0}", "{1}"), "PATCH .*{1}", "applied · "),
    ],
    ids=["review", "further calls", "result"],
)
def test_what_is_told_is_there_before_the_next_request_goes_out(
    erp: RunningSimulator, arguments: tuple[str, ...], method: str, told: str
) -> None:
    known = list(erp.world.jtl.extensions)[:2]
    erp.fault(f"{method.format(*known)}=hang")
    running = started("run", *(one.format(*known) for one in arguments), "--yes")
    verb, _, part = method.format(*known).partition(" .*")
    erp.wait_received(verb, part)
    os.set_blocking(running.stdout.fileno(), False)
    there = os.read(running.stdout.fileno(), 65_536).decode()
    os.set_blocking(running.stdout.fileno(), True)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=30)
    assert told in there
