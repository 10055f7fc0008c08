"""The operation table is complete, and its grades are the ones that dialogs rely on."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, get_args

import pytest
from textual.binding import Binding

from tests.drivers.scripted_service import ScriptedService
from tests.ops.commands import COMMANDS, operation_for
from tests.tools.key_table import SCREENS
from tui.domain.jtl.extensions import Extension, ExtensionStatus
from tui.domain.jtl.workers import ControlAction, SyncState, WorkerSync
from tui.domain.profile import Environment
from tui.domain.result import Result
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.writes import (
    ChangeEngineStatus,
    ControlWorker,
    ForceResync,
    ForceResyncExternal,
    SyncAll,
    ToggleConnection,
    UpdateExtension,
    Write,
)
from tui.ops.operations.base import OperationKind
from tui.ops.operations.control_worker import consequence_in
from tui.ops.operations.create_extension import CreateExtensionKind
from tui.ops.operations.kinds import kind_for, kind_of, kinds, sends
from tui.ops.operations.operation import grade
from tui.ops.operations.registry import (
    OPERATIONS,
    Danger,
    Operation,
    Scope,
    writes,
)
from tui.ops.operations.sync_all import SyncAllKind
from tui.ops.operations.toggle_connection import toggle
from tui.ops.operations.update_extension import UpdateExtensionKind, update_extension
from tui.ops.proposals.grading import grade_of
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import consequence
from tui.ops.undo.applied_change import NOT_KNOWN
from tui.ui.screens.tab_screen import TabScreen

PRODUCTION, STAGING = Environment.PRODUCTION, Environment.STAGING
everything = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda one: one.id)
each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda one: type(one).__name__)
NEVER_REBASED: Mapping[type[object], str] = {
    CreateExtensionKind: "its target does not exist yet; where one of its name is listed, it is gone",
    SyncAllKind: "it rests on no values",
}
"""Kinds that nothing is planned again for, and the reason."""


def overrides(kind: OperationKind[Any, Any], name: str) -> bool:
    return getattr(type(kind), name) is not getattr(OperationKind, name)


@everything
def test_an_operation_explains_itself(operation: Operation) -> None:
    assert operation.title
    assert operation.short
    assert operation.help.endswith(".")
    assert operation.key


@everything
def test_what_writes_is_dangerous_and_says_what_it_leads_to(operation: Operation) -> None:
    changes = operation in writes()
    assert changes == (kind_for(operation.id) is not None) == bool(operation.consequence)
    assert changes == (operation.danger > Danger.READ)
    assert not changes or operation.scope.system is not None


@pytest.mark.parametrize("scope", Scope)
def test_no_key_means_two_things_at_once(scope: Scope) -> None:
    there = (Scope.APP, Scope.LIST, scope)
    keys = [operation.key for operation in OPERATIONS.values() if operation.scope in there]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: one.TAB)
def test_no_key_of_a_screen_means_two_things(screen: type[TabScreen]) -> None:
    """A screen also borrows operations of another scope, as Connections the resync of the engine.

    While looking back nothing is written, and those keys have another meaning.
    """
    past = {f"operation('{one.id}')" for one in OPERATIONS.values() if one.scope is Scope.PAST}
    bound = Binding.make_bindings(screen.BINDINGS)
    actions = {(one.key, one.action) for one in bound if one.action not in past}
    assert [key for key, count in Counter(key for key, _ in actions).items() if count > 1] == []


@each_command
async def test_a_bare_success_is_not_called_applied(command: Write) -> None:
    """The response shows what is there, or the target is read again, or it is accepted at most."""
    kind = kind_of(command)
    answer = await kind.send(ScriptedService(), command)
    is_shown = isinstance(answer, WorkerSync | Extension | EngineStatus)
    is_looked_at = kind.is_read_after or kind.is_watched or kind.unseen
    is_only_accepted = kind.accepted(command)
    assert is_shown or is_looked_at or is_only_accepted


@each_command
def test_a_lost_response_is_settled_by_something_that_the_target_shows(command: Write) -> None:
    """Or the kind says why nothing shows it."""
    kind = kind_of(command)
    assert kind.wanted(command) or kind.unseen or overrides(kind, "verify")


def test_a_write_that_names_no_value_to_be_seen_is_never_told_as_applied() -> None:
    listed = Extension("e1", "shop")

    class Silent(UpdateExtensionKind):
        def wanted(self, write: UpdateExtension) -> Mapping[str, str]:
            return {}

    judged = Silent().verify(UpdateExtension("e1", status=2), listed, {})
    assert judged == (Result.UNKNOWN, "nothing shows whether it was applied")


@each_command
def test_a_change_is_planned_again_on_the_target_as_it_is_now(command: Write) -> None:
    """Else any change elsewhere would be told as a target that is gone."""
    kind = kind_of(command)
    is_rebased = overrides(kind, "rebase") or overrides(kind, "rebased")
    assert is_rebased is (type(kind) not in NEVER_REBASED)


@each_command
def test_an_undo_is_made_or_refused_with_a_reason(command: Write) -> None:
    kind = kind_of(command)
    assert overrides(kind, "invert") or kind.no_way_back is not NOT_KNOWN


def test_every_command_and_every_write_of_the_table_belongs_to_one_kind() -> None:
    commands = [command for kind in kinds() for command in kind.commands]
    operations = [operation for kind in kinds() for operation in kind.operations]
    assert Counter(commands) == Counter(get_args(Write))
    assert Counter(operations) == Counter(writes())
    assert {type(command) for command in COMMANDS} == set(commands)


@pytest.mark.parametrize("command", COMMANDS, ids=repr)
def test_every_command_belongs_to_an_operation_that_sends_it(command: Write) -> None:
    assert sends(operation_for(command).id, command)


@pytest.mark.parametrize("operation", writes(), ids=lambda one: one.id)
def test_every_write_sends_some_commands_and_not_all(operation: Operation) -> None:
    sent = [command for command in COMMANDS if sends(operation.id, command)]
    assert 0 < len(sent) < len(COMMANDS)


def test_a_toggle_sends_a_status_and_nothing_else() -> None:
    assert sends("extension.toggle", UpdateExtension("e1", status=2))
    assert not sends("extension.toggle", UpdateExtension("e1", version="2", status=2))
    assert not sends("extension.toggle", UpdateExtension("e1", version="2"))


def test_every_command_says_whether_it_lets_its_target_run() -> None:
    known = {command: kind_of(command).turns_on(command) for command in COMMANDS}
    off = ToggleConnection(3, active=False)
    assert [command for command in (*COMMANDS, off) if kind_of(command).turns_on(command) is False] == [
        ControlWorker("a1", ControlAction.STOP),
        ChangeEngineStatus(run=False),
        off,
    ]
    assert {type(command) for command, on in known.items() if on} == {
        ControlWorker,
        ForceResync,
        ForceResyncExternal,
        ChangeEngineStatus,
        SyncAll,
        ToggleConnection,
    }


@pytest.mark.parametrize(
    ("operation_id", "elsewhere", "on_production"),
    [
        ("refresh", Danger.READ, Danger.READ),
        ("details", Danger.READ, Danger.READ),
        ("worker.configure", Danger.REVERSIBLE, Danger.REVERSIBLE),
        ("worker.start", Danger.REVERSIBLE, Danger.REVERSIBLE),
        ("worker.stop", Danger.DISRUPTIVE, Danger.IRREVERSIBLE),
        ("worker.restart", Danger.DISRUPTIVE, Danger.IRREVERSIBLE),
        ("extension.create", Danger.REVERSIBLE, Danger.REVERSIBLE),
        ("extension.update", Danger.REVERSIBLE, Danger.REVERSIBLE),
        ("extension.push-manifest", Danger.DISRUPTIVE, Danger.IRREVERSIBLE),
        ("extension.delete", Danger.IRREVERSIBLE, Danger.IRREVERSIBLE),
        ("engine.force-resync", Danger.IRREVERSIBLE, Danger.IRREVERSIBLE),
    ],
)
def test_the_grade_depends_on_the_environment(
    operation_id: str, elsewhere: Danger, on_production: Danger
) -> None:
    operation = OPERATIONS[operation_id]
    danger = operation.danger
    assert grade(danger, STAGING) is elsewhere
    assert grade(danger, Environment.DEVELOPMENT) is elsewhere
    assert grade(danger, PRODUCTION) is on_production


def test_disabling_an_extension_disrupts() -> None:
    disable, enable = (
        Proposal(OPERATIONS["extension.update"], UpdateExtension("e1", status=status), "Shop")
        for status in (0, 2)
    )
    assert grade_of([disable], STAGING) is Danger.DISRUPTIVE
    assert grade_of([disable], PRODUCTION) is Danger.IRREVERSIBLE
    assert grade_of([enable], PRODUCTION) is Danger.REVERSIBLE
    assert grade_of([enable, disable], STAGING) is Danger.DISRUPTIVE


@everything
def test_more_than_ten_targets_are_irreversible(operation: Operation) -> None:
    ten, eleven = (grade(operation.danger, STAGING, targets=n) for n in (10, 11))
    assert ten is operation.danger
    assert eleven is (Danger.IRREVERSIBLE if operation in writes() else Danger.READ)


def test_a_start_on_a_locked_sync_says_that_it_does_not_unlock() -> None:
    told = consequence_in(SyncState.LOCKED, OPERATIONS["worker.start"])
    assert "does not unlock" in told
    assert "unlock" not in consequence_in(SyncState.DEACTIVATED, OPERATIONS["worker.start"])


def test_a_stop_says_that_it_survives_a_restart_of_the_worker() -> None:
    assert "after a restart of the JTL-Worker" in consequence_in(None, OPERATIONS["worker.stop"])


@pytest.mark.parametrize(
    ("active", "told"), [(False, "Activates the connection."), (True, "Deactivates the connection.")]
)
def test_a_toggle_says_what_it_leads_to(active: bool, told: str) -> None:
    proposal = toggle(Connection(3, "Shop", active=active))
    assert isinstance(proposal, Proposal)
    assert proposal.consequences[0].startswith(told)


def test_a_resync_says_which_side_is_overwritten_and_how_much() -> None:
    from_connection, from_crm, one = (
        consequence(command, OPERATIONS["engine.force-resync"])
        for command in (
            ForceResync(7, (670, 47)),
            ForceResync(0),
            ForceResync(12, (670,), no_blanks=True),
        )
    )
    assert from_connection.endswith(
        "values in CRM are overwritten, including by its empty values. 2 keys are sent."
    )
    assert from_crm.endswith(
        "values in the connected ERP systems are overwritten, including by its empty values."
        " No keys: everything is resynced."
    )
    assert one.endswith(
        "values in CRM are overwritten; its empty values overwrite nothing. 1 key is sent."
    )


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (0, "Disables the extension: it stops working for everyone."),
        (1, "Sets the extension to pending: it does nothing until it is activated."),
        (2, "Activates the extension: it works for everyone from then on."),
        (None, "the others stay as they are."),
    ],
)
def test_an_update_says_what_its_status_leads_to(status: int | None, told: str) -> None:
    known = Extension("e1", "shop")
    wanted = None if status is None else ExtensionStatus(status)
    proposal = update_extension(known, version="2", status=wanted)
    assert isinstance(proposal, Proposal)
    assert proposal.consequences[0].endswith(told)
