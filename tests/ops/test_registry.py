"""The operation table is complete, and its grades are the ones that dialogs rely on."""

import pytest

from tests.ops.commands import COMMANDS
from tui.domain.changes import ForceResync, UpdateExtension
from tui.domain.systems import Environment
from tui.domain.workers import SyncState
from tui.ops.consequences import consequence_for
from tui.ops.registry import (
    OPERATIONS,
    Danger,
    Operation,
    Scope,
    grade,
    operation_for,
    writes,
)
from tui.ops.sending import SENDERS

PRODUCTION, STAGING = Environment.PRODUCTION, Environment.STAGING
everything = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda one: one.id)


@everything
def test_an_operation_explains_itself(operation: Operation) -> None:
    assert operation.title
    assert operation.short
    assert operation.help.endswith(".")
    assert operation.key
    assert operation.inverse is None or operation.inverse in OPERATIONS


@everything
def test_what_writes_is_dangerous_and_says_what_it_leads_to(operation: Operation) -> None:
    changes = operation in writes()
    assert changes == (operation.id in SENDERS) == bool(operation.consequence)
    assert changes == (operation.danger > Danger.READ)
    assert not changes or operation.scope.system is not None


@pytest.mark.parametrize("scope", Scope)
def test_no_key_means_two_things_at_once(scope: Scope) -> None:
    there = (Scope.APP, Scope.LIST, scope)
    keys = [operation.key for operation in OPERATIONS.values() if operation.scope in there]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("command", COMMANDS, ids=repr)
def test_every_command_belongs_to_an_operation_that_sends_it(command: object) -> None:
    assert SENDERS[operation_for(command).id].takes(command)  # type: ignore[arg-type] # ids=repr wants objects


@pytest.mark.parametrize("operation", writes(), ids=lambda one: one.id)
def test_every_write_sends_some_commands_and_not_all(operation: Operation) -> None:
    sent = [command for command in COMMANDS if SENDERS[operation.id].takes(command)]
    assert 0 < len(sent) < len(COMMANDS)


def test_a_toggle_sends_a_status_and_nothing_else() -> None:
    toggle = SENDERS["extension.toggle"]
    assert toggle.takes(UpdateExtension("e1", status=2))
    assert not toggle.takes(UpdateExtension("e1", version="2", status=2))
    assert not toggle.takes(UpdateExtension("e1", version="2"))


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
    assert grade(operation, environment=STAGING) is elsewhere
    assert grade(operation, environment=Environment.DEVELOPMENT) is elsewhere
    assert grade(operation, environment=PRODUCTION) is on_production


def test_disabling_an_extension_disrupts() -> None:
    update = OPERATIONS["extension.update"]
    disable, enable = UpdateExtension("e1", status=0), UpdateExtension("e1", status=2)
    assert grade(update, environment=STAGING, write=disable) is Danger.DISRUPTIVE
    assert grade(update, environment=PRODUCTION, write=disable) is Danger.IRREVERSIBLE
    assert grade(update, environment=PRODUCTION, write=enable) is Danger.REVERSIBLE


@everything
def test_more_than_ten_targets_are_irreversible(operation: Operation) -> None:
    ten, eleven = (grade(operation, environment=STAGING, targets=n) for n in (10, 11))
    assert ten is operation.danger
    assert eleven is (Danger.IRREVERSIBLE if operation in writes() else Danger.READ)


def test_a_start_on_a_locked_sync_says_that_it_does_not_unlock() -> None:
    told = consequence_for(OPERATIONS["worker.start"], SyncState.LOCKED)
    assert "does not unlock" in told
    assert "unlock" not in consequence_for(OPERATIONS["worker.start"], SyncState.DEACTIVATED)


def test_a_stop_says_that_it_survives_a_restart_of_the_worker() -> None:
    assert "after a restart of the JTL-Worker" in consequence_for(OPERATIONS["worker.stop"])


@pytest.mark.parametrize("command", COMMANDS, ids=repr)
def test_every_command_has_a_consequence(command: object) -> None:
    operation = operation_for(command)  # type: ignore[arg-type] # ids=repr wants objects
    assert consequence_for(operation, None, command).startswith(operation.consequence)  # type: ignore[arg-type] # as above


def test_a_resync_says_which_side_is_overwritten_and_how_much() -> None:
    from_connection, from_crm, one = (
        consequence_for(OPERATIONS["engine.force-resync"], write=command)
        for command in (
            ForceResync(7, (670, 47)),
            ForceResync(0),
            ForceResync(12, (670,), no_blanks=True),
        )
    )
    assert from_connection.endswith(
        "Connection 7 is the source: values in CRM are overwritten, also by its blanks. 2 keys are sent."
    )
    assert from_crm.endswith(
        "CRM is the source: values in the connected ERP systems are overwritten, also by its blanks."
        " No keys are given: everything is resynced."
    )
    assert one.endswith("values in CRM are overwritten; its blanks overwrite nothing. 1 key is sent.")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (0, "It is disabled: it stops working for everyone."),
        (1, "It is set to pending: it does nothing until it is activated."),
        (2, "It is activated: it works for everyone from then on."),
        (None, "the others stay as they are."),
    ],
)
def test_an_update_says_what_its_status_leads_to(status: int | None, told: str) -> None:
    update = UpdateExtension("e1", version="2", status=status)
    assert consequence_for(OPERATIONS["extension.update"], write=update).endswith(told)
