"""`simulate` as a process: what it prints, writes, and how it ends."""

import re
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tui.simulator.options import SimulateOptions
from tui.simulator.serve import serve

START = """
from pathlib import Path
from tui.simulator.options import SimulateOptions as O
from tui.simulator.serve import serve
raise SystemExit(serve({}))
"""


class Served:
    """A simulator in a process of its own."""

    def __init__(self, options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", START.format(options)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.lines = [self.process.stdout.readline().rstrip("\n") for _ in range(3)]
        self.url = re.findall(r"http://127\.0\.0\.1:\d+", self.lines[0])[0]

    def end(self, number: int) -> tuple[int, str]:
        """The exit code and what was said on stderr."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=10)
        return self.process.returncode, said


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "sim.toml"


@pytest.fixture
def process(config: Path) -> Iterator[Served]:
    made = Served(
        f"O(port=0, still=True, write_config=Path({str(config)!r}), faults=('GET .*hang=hang',))"
    )
    yield made
    made.process.kill()
    made.process.communicate()


def test_it_announces_each_system_in_one_line(process: Served) -> None:
    url = re.escape(process.url)
    patterns = (
        rf"JTL cloud base_url={url}/erp token_url={url}/oauth2/token"
        r" client_id=\S+ client_secret=\S+ tenant_id=\S+",
        rf"JTL on-premises base_url={url}/api/eazybusiness api_key=\S+",
        rf"SuperOffice base_url={url}/Cust12345 token=\S+",
    )
    assert [bool(re.fullmatch(*pair)) for pair in zip(patterns, process.lines, strict=True)] == [
        True
    ] * 3


def test_the_written_config_names_private_files_that_work(process: Served, config: Path) -> None:
    profiles = tomllib.loads(config.read_text())["profiles"]
    auth = profiles["sim"]["jtl"]["auth"]
    secret = Path(auth["client_secret"]["file"])
    answer = httpx.post(
        auth["token_url"],
        data={"grant_type": "client_credentials"},
        auth=(auth["client_id"], secret.read_text().strip()),
        trust_env=False,
    )
    assert answer.status_code == 200
    assert {name: profile["environment"] for name, profile in profiles.items()} == {
        "sim": "development", "sim-onprem": "development", "sim-production": "production",
        "sim-online": "development", "sim-system-user": "development",
    }  # fmt: skip
    assert profiles["sim-production"]["read_only"] is False
    assert profiles["sim-onprem"]["jtl"]["auth"]["type"] == "wawi"
    private = [config, *secret.parent.iterdir()]
    assert {oct(file.stat().st_mode & 0o777) for file in private} == {"0o600"}
    assert secret.is_absolute()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_with_a_hanging_request(
    process: Served, number: signal.Signals
) -> None:
    with httpx.Client(trust_env=False, timeout=0.2) as client, pytest.raises(httpx.ReadTimeout):
        client.get(f"{process.url}/hang")
    held = socket.create_connection(("127.0.0.1", int(process.url.rpartition(":")[2])))
    held.sendall(b"GET /hang HTTP/1.1\r\nHost: x\r\n\r\n")
    assert process.end(number) == (0, "")
    held.close()


def test_a_taken_port_is_one_sentence_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert serve(SimulateOptions(port=port)) == 2
    said = capsys.readouterr().err
    assert said == f"syncdeck simulate: port {port} cannot be used: Address already in use\n"


def test_a_wrong_fault_is_one_sentence_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert serve(SimulateOptions(port=0, faults=("x=explode",))) == 2
    assert capsys.readouterr().err.startswith("syncdeck simulate: unknown fault kind 'explode'; known: ")


def test_the_options_load_nothing_but_the_standard_library() -> None:
    heavy = "{'tui.simulator.app', 'uvicorn', 'httpx'}"
    code = f"import sys, tui.simulator.options; print(sorted({heavy} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_an_impossible_port_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert serve(SimulateOptions(port=70_000)) == 2
    assert "port 70000 cannot be used" in capsys.readouterr().err
