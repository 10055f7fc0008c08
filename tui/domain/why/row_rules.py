"""Rules on rows of any kind: what is unreadable or not unique, and extensions.

Sources: jtl PROTOCOL §1.1, §1.2, §1.3, §3, §4, §5, §7; superoffice PROTOCOL §5, §13.
"""

from tui.domain.health.rules import Level, all_suspended
from tui.domain.history.records import SubjectKind
from tui.domain.jtl.extensions import Extension, ExtensionStatus
from tui.domain.jtl.workers import SyncState, Worker
from tui.domain.profile import System
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.text import counted
from tui.domain.why.explanation import Certainty, Step
from tui.domain.why.facts import Facts, Row
from tui.domain.why.rule import (
    Find,
    Found,
    Rule,
    beside,
    by_hand,
    calm,
    known,
    quoted,
    row_says,
    some_of,
    state,
)

_ROWS = (Worker, Extension, Connection)


def _doubled(facts: Facts) -> Found | None:
    row = facts.row
    if not isinstance(row, _ROWS) or not row.doubled:
        return None
    text = quoted(row.problem or f"two rows have the identifier {facts.subject.key}")
    return Found(
        "two rows of the list share its identifier: a write could reach either", row_says(facts, text)
    )


def _unreadable(facts: Facts) -> Found | None:
    row = facts.row
    if not isinstance(row, _ROWS) or row.problem is None or row.doubled:
        return None
    return Found("its row of the response could not be read", row_says(facts, quoted(row.problem)))


def _extension(status: ExtensionStatus, sentence: str) -> Rule:
    def find(facts: Facts) -> Found | None:
        row = facts.row
        if not isinstance(row, Extension) or row.status != status or row.problem is not None:
            return None
        return Found(sentence, row_says(facts, f"status {int(status)}: {status.word}"))

    steps = {
        ExtensionStatus.PENDING: (
            Step("extension.push-manifest", "Push its manifest if that was not done"),
            Step("extension.toggle", "Activate it"),
        ),
        ExtensionStatus.DISABLED: (Step("extension.toggle", "Activate it if it should run"),),
    }
    return calm(f"extension-{status.word}", find, *steps.get(status, ()))


def _extension_unknown(facts: Facts) -> Found | None:
    row = facts.row
    if not isinstance(row, Extension) or row.problem is not None:
        return None
    if row.status in ExtensionStatus._value2member_map_:
        return None
    said = row_says(facts, row.status_word)
    if row.status is None:
        return Found("JTL-Wawi reported no status for the extension", said)
    return Found(f"JTL-Wawi reported status {row.status}, which no document explains", said)


def _in_maintenance(facts: Facts) -> Found | None:
    if not facts.maintenance or not _is_off(facts.row):
        return None
    if facts.maintenance_is_sure:
        said = row_says(facts, "it is off, and the journal of the maintenance has its stop")
        return Found(f"the open maintenance {facts.maintenance} stopped it", said)
    said = row_says(facts, "it is off; the outcome of the maintenance's stop is not known")
    sentence = f"the open maintenance {facts.maintenance} may have stopped it"
    return Found(sentence, said, certainty=Certainty.LIKELY)


def _is_off(row: Row | None) -> bool:
    match row:
        case Worker():
            return row.state is SyncState.DEACTIVATED
        case EngineStatus():
            return row.running is False
        case Connection():
            return row.active is False
    return False


def _not_listed(facts: Facts) -> Found | None:
    is_row = facts.subject.kind in (SubjectKind.SYNC, SubjectKind.CONNECTION, SubjectKind.EXTENSION)
    if not is_row or facts.row is not None or facts.failures or facts.read_at is None:
        return None
    return Found("the list of the server does not have it", row_says(facts, "not in the list"))


def _empty(kind: str) -> Find:
    system = System.JTL if kind == "sync" else System.SUPEROFFICE

    def find(facts: Facts) -> Found | None:
        if not facts.empty or facts.subject.key != system.value:
            return None
        return Found(f"{system.product} reported no {kind} at all", row_says(facts, "an empty list"))

    return find


def _not_read(facts: Facts) -> Found | None:
    is_known = facts.row is not None or facts.read_at is not None
    if is_known or facts.failures or facts.empty or facts.verdict.level is Level.OK:
        return None
    if facts.subject.kind is SubjectKind.SYSTEM and facts.syncs:
        return None
    return Found("no response yet: nothing was read of it")


def _responds(facts: Facts) -> Found | None:
    if facts.subject.kind is not SubjectKind.SYSTEM or facts.verdict.level is not Level.OK:
        return None
    return Found(f"{facts.subject.name} responds", row_says(facts, "its lists were read"))


def _troubled(facts: Facts) -> Found | None:
    names = facts.troubled
    if not names or all_suspended(facts.syncs):
        return None
    verb = "needs" if len(names) == 1 else "need"
    said = row_says(facts, some_of(names))
    return Found(f"{counted(len(names), 'target')} of {facts.subject.name} {verb} attention", said)


RULES: tuple[Rule, ...] = (
    beside(
        "doubled",
        _doubled,
        by_hand("Remove one of the two in the ERP itself; syncdeck refuses writes to both"),
        worked="the list has the identifier once",
    ),
    beside(
        "unreadable",
        _unreadable,
        Step("details", "Show details: the raw row shows the value"),
        by_hand("Correct the value in the ERP itself, or report it"),
        worked="its row is no longer marked unreadable",
    ),
    known(
        "in-maintenance",
        _in_maintenance,
        Step("maintenance", "Close the maintenance: it starts what it stopped"),
        worked="it runs after the maintenance is closed",
    ),
    state(
        "extension-unknown",
        _extension_unknown,
        by_hand("Check the extension in JTL-Wawi; a newer version may have added the status"),
        worked="JTL-Wawi shows it as active",
    ),
    state(
        "not-listed",
        _not_listed,
        Step("refresh", "Refresh; it may have been deleted"),
        by_hand("Check that the profile leads to the right mandant, database or tenant"),
        worked="it is listed again",
    ),
    state(
        "no-syncs",
        _empty("sync"),
        by_hand("Check the scope of the app: system.worker.read"),
        by_hand("Check that the profile leads to the right mandant or database"),
        by_hand("Set up the JTL-Worker in JTL-Wawi if it never was"),
        worked="syncs are listed",
    ),
    state(
        "no-connections",
        _empty("connection"),
        by_hand("Check the access of this login to ErpSync, and that it is the right tenant"),
        worked="connections are listed",
    ),
    state("not-read", _not_read, Step("refresh", "Refresh"), worked="its response is shown"),
    beside(
        "targets-need-attention",
        _troubled,
        by_hand("Ask why of each: W on its row, or syncdeck why with its name"),
        worked="none of them needs attention",
    ),
    calm("responds", _responds),
    _extension(ExtensionStatus.PENDING, "it waits to be activated"),
    _extension(ExtensionStatus.DISABLED, "a user or its update disabled it"),
    _extension(ExtensionStatus.ACTIVE, "it is active"),
)
