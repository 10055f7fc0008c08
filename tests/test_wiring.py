"""The composition root: what a profile gets, and what the demo leaves alone."""

import pytest

from tui.arguments import parse
from tui.cli import plan
from tui.config.file import ConfigError, read
from tui.domain.changes import ControlWorker, FieldChange
from tui.domain.systems import System
from tui.domain.workers import ControlAction
from tui.launch import RunOptions
from tui.ops.guard import OutcomeKind
from tui.ops.registry import OPERATIONS
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
def config(tmp_path, monkeypatch):
    monkeypatch.setenv("TOKEN", "secret-token")
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return read(path)


async def test_a_profile_gets_its_intervals_its_warnings_and_only_its_systems(config):
    core = build_core(config, "acme", RunOptions())
    assert core.facts.systems == {System.SUPEROFFICE}
    assert core.intervals[Topic.ENGINE] == 3
    assert "engine is asked every 3 s" in core.warnings[0]
    assert core.store.absent == {Topic.WORKERS, Topic.STATUS, Topic.EXTENSIONS}
    await core.aclose()


async def test_on_a_slow_line_everything_is_asked_less_often(config):
    core = build_core(config, "acme", RunOptions(slow=True))
    assert core.intervals[Topic.ENGINE] == 9
    assert core.poller.every(Topic.ENGINE) == 9
    await core.aclose()


async def test_what_others_may_read_is_said_with_the_chmod_that_ends_it(config, private_places):
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


def test_a_config_that_is_not_valid_builds_nothing(config, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG.replace("engine = 3", "enigne = 3"))
    with pytest.raises(ConfigError, match=r"config\.toml:10: unknown key 'enigne'"):
        build_core(read(tmp_path / "config.toml"), "acme", RunOptions())


async def test_the_demo_takes_a_write_and_keeps_it_to_itself(private_places):
    core = demo_core(RunOptions())
    [first, *_] = await core.service.workers()
    write = ControlWorker(first.id, ControlAction.START)
    change = FieldChange("state", "off", "started")
    outcome = await core.guard.run(OPERATIONS["worker.start"], write, [change])
    await core.aclose()
    assert outcome.kind is OutcomeKind.ACCEPTED
    assert [path for path in private_places.rglob("*") if path.is_file()] == []


async def test_read_only_refuses_every_write_of_the_demo():
    core = demo_core(RunOptions(read_only=True))
    assert "read-only" in core.guard.refusal(OPERATIONS["worker.start"])
    await core.aclose()


def test_without_a_config_the_console_starts_with_the_welcome_screen(private_places):
    path = private_places / "config" / "config.toml"
    launch = plan(parse(["--no-mouse"]), path)
    assert (launch.facts, launch.make_core, launch.mouse) == (None, None, False)
    assert launch.config_note == "there is no config file at " + str(path)


def test_a_config_that_was_named_must_be_there(tmp_path):
    with pytest.raises(ConfigError, match="there is no such file"):
        plan(parse(["--config", str(tmp_path / "none.toml")]), tmp_path / "none.toml")


def test_the_first_frame_knows_what_read_only_forces(config):
    assert not plan(parse([]), config.path).facts.read_only
    assert plan(parse(["--read-only"]), config.path).facts.read_only


@pytest.mark.parametrize("variable", ["SYNCDECK_STATE_DIR", "SYNCDECK_CACHE_DIR"])
def test_a_place_whose_home_directory_is_not_known_is_refused_like_a_bad_config(
    config, monkeypatch, variable
):
    monkeypatch.setenv(variable, "~nosuchuser/here")
    with pytest.raises(ConfigError, match=rf"~nosuchuser/here: .* in \${variable} is not known"):
        build_core(config, "acme", RunOptions())
