"""The composition root: what a profile gets, and what the demo leaves alone."""

from pathlib import Path
from typing import Any

import pytest

from tui.cli.arguments import parse
from tui.cli.main import plan
from tui.config.file import ConfigError, read
from tui.domain.jtl.workers import ControlAction
from tui.domain.profile import System
from tui.domain.result import Result
from tui.domain.writes import ControlWorker, FieldChange
from tui.launch import RunOptions
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import Proposal
from tui.store.snapshot import Topic
from tui.wiring import build_core, demo_core

CONFIG = """
[profiles.acme]
environment = "staging"
[profiles.acme.superoffice]
base_url = "http://127.0.0.1:9/Cust12345"
[profiles.acme.superoffice.auth]
type = "bearer"
token = { env = "TOKEN" }
[profiles.acme.refresh]
engine = 3
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TOKEN", "secret-token")
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return read(path)


async def test_a_profile_gets_its_intervals_its_warnings_and_only_its_systems(config: Any) -> None:
    core = build_core(config, "acme", RunOptions())
    assert core.facts.systems == {System.SUPEROFFICE}
    assert core.intervals[Topic.ENGINE] == 3
    assert "engine is polled every 3 s" in core.warnings[0]
    assert core.store.absent == {Topic.WORKERS, Topic.STATUS, Topic.EXTENSIONS}
    await core.aclose()


async def test_on_a_slow_line_everything_is_asked_less_often(config: Any) -> None:
    core = build_core(config, "acme", RunOptions(slow=True))
    assert core.intervals[Topic.ENGINE] == 9
    assert core.poller.every(Topic.ENGINE) == 9
    await core.aclose()


async def test_what_others_may_read_is_said_with_the_chmod_that_ends_it(
    config: Any, private_places: Any
) -> None:
    trail = private_places / "state" / "audit" / "acme.jsonl"
    trail.parent.mkdir(parents=True)
    trail.touch()
    for path in (config.path, private_places / "state", trail.parent, trail):
        path.chmod(0o755)
    core = build_core(config, "acme", RunOptions())
    await core.aclose()
    said = "\n".join(core.warnings)
    assert f"can be read by others: chmod 600 {config.path}" in said
    state = private_places / "state"
    assert f"1 file in {state} can be read by others: chmod -R go= {state}" in said
    config.path.chmod(0o600)
    state.chmod(0o700)
    core = build_core(config, "acme", RunOptions())
    await core.aclose()
    assert "can be read by others" not in "\n".join(core.warnings)


def test_a_config_that_is_not_valid_builds_nothing(config: Any, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.replace("engine = 3", "enigne = 3"))
    with pytest.raises(ConfigError, match=r"config\.toml:10: unknown key 'enigne'"):
        build_core(read(tmp_path / "config.toml"), "acme", RunOptions())


async def test_the_demo_takes_a_write_and_keeps_it_to_itself(private_places: Any) -> None:
    core = demo_core(RunOptions())
    [first, *_] = await core.service.jtl.workers()
    write = ControlWorker(first.id, ControlAction.START)
    change = FieldChange("state", "off", "started")
    outcome = await core.guard.run(Proposal(OPERATIONS["worker.start"], write, "", (change,)))
    await core.aclose()
    assert outcome.kind is Result.ACCEPTED
    assert [path for path in private_places.rglob("*") if path.is_file()] == []


async def test_read_only_refuses_every_write_of_the_demo() -> None:
    core = demo_core(RunOptions(read_only=True))
    assert "read-only" in (core.guard.refusal(OPERATIONS["worker.start"]) or "")
    await core.aclose()


def test_without_a_config_the_console_starts_with_the_welcome_screen(private_places: Any) -> None:
    path = private_places / "config" / "config.toml"
    launch = plan(parse(["--no-mouse"]), path)
    assert (launch.facts, launch.make_core, launch.mouse) == (None, None, False)
    assert launch.config_note == "there is no config file at " + str(path)


def test_a_config_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        plan(parse(["--config", str(tmp_path / "none.toml")]), tmp_path / "none.toml")


def test_the_first_frame_knows_what_read_only_forces(config: Any) -> None:
    facts = plan(parse([]), config.path).facts
    assert facts is not None
    assert not facts.read_only
    forced = plan(parse(["--read-only"]), config.path).facts
    assert forced is not None
    assert forced.read_only


@pytest.mark.parametrize("variable", ["SYNCDECK_STATE_DIR", "SYNCDECK_CACHE_DIR"])
def test_a_place_whose_home_directory_is_not_known_is_refused_like_a_bad_config(
    config: Any, monkeypatch: pytest.MonkeyPatch, variable: Any
) -> None:
    monkeypatch.setenv(variable, "~nosuchuser/here")
    with pytest.raises(ConfigError, match=rf"~nosuchuser/here: .* in \${variable} is unknown"):
        build_core(config, "acme", RunOptions())
