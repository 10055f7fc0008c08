"""One registry, all faces: every operation has its faces, and no face writes on a read-only profile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.console import Console, console, write_config
from tests.drivers.simulator import RunningSimulator
from tests.ops.commands import COMMANDS, operation_for
from tests.ops.sent import sent
from tests.tools.key_table import SCREENS
from tui.cli.main import main
from tui.config.file import read
from tui.domain.result import Result
from tui.headless.run.help import operations as told_by_run
from tui.launch import RunOptions
from tui.ops.execution.guard import Guard
from tui.ops.operations.kinds import kind_for, sends
from tui.ops.operations.names import find_operation, last_part
from tui.ops.operations.operation import Danger, Operation, Scope
from tui.ops.operations.registry import OPERATIONS, writes
from tui.ops.proposals.proposal import Proposal
from tui.ops.text_commands.proposal_from_text import parameters_of
from tui.ui.screens.tab_screen import TabScreen
from tui.wiring import build_core

KEYS = {"/": "slash", "?": "question_mark", ":": "colon", "*": "asterisk", "-": "minus"}
NO_SCREEN: dict[str, str] = {}
"""Operations without a key on any screen, and the reason."""
SETTINGS_GIVEN = {
    "worker.configure": ["interval=10m"],
    "extension.create": ["version=1", "hash=ab"],
    "extension.update": ["version=2"],
    "extension.push-manifest": ["manifest=m.json", "signature=m.sig"],
    "engine.interval": ["interval=20m"],
    "engine.force-resync": ["keys=670"],
    "connection.priorities": ["order=2,1,3,4"],
}
every_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda one: one.id)
every_write = pytest.mark.parametrize("operation", writes(), ids=lambda one: one.id)


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        yield running


def screens_with(operation: Operation) -> list[str]:
    action = f"operation('{operation.id}')"
    return [
        screen.TAB
        for screen in SCREENS
        if action in {getattr(binding, "action", "") for binding in screen.BINDINGS}
    ]


@every_operation
def test_every_operation_has_a_key_help_and_a_name(operation: Operation) -> None:
    has_screen = operation.id not in NO_SCREEN
    assert bool(screens_with(operation)) is has_screen, f"BINDINGS with it: {screens_with(operation)}"
    assert operation.key
    assert operation.help.endswith(".")
    assert find_operation(operation.id, tuple(OPERATIONS.values())) is operation


@every_write
def test_every_write_has_run_settings_a_handler_and_an_audit_name(operation: Operation) -> None:
    assert operation.danger > Danger.READ
    assert kind_for(operation.id) is not None
    assert operation.consequence
    found = find_operation(last_part(operation), writes())
    assert found is operation or operation.id in str(found)
    required = [setting for setting in parameters_of(operation) if setting.required]
    assert len(required) <= len(SETTINGS_GIVEN.get(operation.id, ()))
    assert f"{operation.id}: {operation.help}" in told_by_run()
    commands = [command for command in COMMANDS if sends(operation.id, command)]
    assert commands
    named = {operation_for(command).id for command in commands}
    assert operation.id in named or operation.id == "extension.toggle"


async def rows_of(deck: Console, screen: str) -> set[str]:
    """The operations that a screen offers by key, by `:` and in its palette."""
    await deck.press(OPERATIONS[f"screen.{screen.lower()}"].key)
    await deck.until(lambda: deck.tab() == screen, screen)
    by_key = deck.offered()
    await deck.press("ctrl+p")
    await deck.opens("Palette")
    listed = deck.palette()
    await deck.press("escape")
    await deck.opens("")
    unbound = {id_: OPERATIONS[id_].key for id_ in listed - by_key}
    assert unbound == {}, f"{screen}: BINDINGS lacks it, or ui/widgets/row_list.py has the same key"
    assert by_key <= listed, f"{screen}: handlers() lacks {sorted(by_key - listed)}"
    return by_key


async def test_every_screen_offers_the_same_by_key_by_name_and_in_its_palette(
    erp: RunningSimulator,
) -> None:
    offered: set[str] = set()
    async with console(erp) as deck:
        for screen in SCREENS:
            offered |= await rows_of(deck, screen.TAB)
    in_the_past = {one.id for one in OPERATIONS.values() if one.scope is Scope.PAST}
    assert offered == OPERATIONS.keys() - NO_SCREEN.keys() - in_the_past


async def refused_by_key(deck: Console, operation: Operation) -> str:
    await deck.press("escape", KEYS.get(operation.key, operation.key))
    return deck.said("notice")


async def refused_by_name(deck: Console, operation: Operation, *settings: str) -> str:
    await deck.press("escape", "colon")
    await deck.paste(" ".join((operation.id, *settings)))
    await deck.press("enter")
    said = deck.said("command-message")
    await deck.press("escape")
    return said


async def refused_by_palette(deck: Console, operation: Operation) -> str:
    await deck.press("ctrl+p")
    await deck.opens("Palette")
    await deck.paste(operation.id)
    await deck.press("enter")
    assert deck.heading() == "Palette"
    said = deck.dialog_trouble()
    await deck.press("escape")
    await deck.opens("")
    return said


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.TAB)
async def test_on_a_read_only_profile_no_face_of_the_console_writes(
    erp: RunningSimulator, screen: type[TabScreen]
) -> None:
    own = [operation for operation in writes() if screen.TAB in screens_with(operation)]
    async with console(erp, read_only=True) as deck:
        await deck.press(OPERATIONS[f"screen.{screen.TAB.lower()}"].key)
        for operation in own:
            settings = {(), tuple(SETTINGS_GIVEN.get(operation.id, ()))}
            for said in (
                await refused_by_key(deck, operation),
                *[await refused_by_name(deck, operation, *given) for given in settings],
                await refused_by_palette(deck, operation),
            ):
                assert said.startswith(f"{operation.title}: profile sim is read-only"), said
                assert deck.heading() == ""
        assert deck.sent() == []


@every_write
def test_on_a_read_only_profile_run_refuses_with_the_reason(
    erp: RunningSimulator, capsys: pytest.CaptureFixture[str], operation: Operation
) -> None:
    write_config(erp, read_only=True)
    settings = [word for one in SETTINGS_GIVEN.get(operation.id, []) for word in ("--set", one)]
    code = main(["run", operation.id, "Temu DE", *settings, "--yes", "--profile", "sim"])
    assert code == 2
    assert "profile sim is read-only" in capsys.readouterr().err
    assert erp.log() == []


async def test_on_a_read_only_profile_the_guard_refuses_every_command(
    erp: RunningSimulator, private_places: Path
) -> None:
    core = build_core(read(write_config(erp, read_only=True)), "sim", RunOptions())
    try:
        for command in COMMANDS:
            for operation in writes():
                if sends(operation.id, command):
                    outcome = await core.guard.run(Proposal(operation, command, ""))
                    assert outcome.kind is Result.REFUSED
                    assert "profile sim is read-only" in outcome.sentence
    finally:
        await core.aclose()
    assert isinstance(core.guard, Guard)
    assert sent(erp) == []
    assert not (private_places / "state" / "audit").exists()
