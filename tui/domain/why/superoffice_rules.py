"""Rules on the tenant (superoffice PROTOCOL §9, §16), the engine (§11) and the connections (§5, §14)."""

from tui.domain.health.rules import Level
from tui.domain.history.records import SubjectKind
from tui.domain.superoffice import tenant as tenants
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.text import one_line
from tui.domain.why.explanation import Evidence, Step
from tui.domain.why.facts import Action, Facts
from tui.domain.why.past_words import is_of
from tui.domain.why.rule import (
    Find,
    Found,
    Role,
    Rule,
    beside,
    by_hand,
    by_user,
    calm,
    known,
    likely,
    quoted,
    row_says,
    state,
)

START, STOP, TOGGLE, TEST = "engine.start", "engine.stop", "connection.toggle", "connection.test"
_ACTIVE_AGAIN = "its row says active"


def _tenant_off(facts: Facts) -> Found | None:
    tenant = facts.tenant
    if tenant is None or tenant.running:
        return None
    evidence = (Evidence(tenant.asked_at, quoted(tenants.why_not(tenant))),)
    return Found(
        f"the tenant is not served: {tenant.word}", evidence, (by_hand(tenants.next_step(tenant)),)
    )


def _tenant_notable(facts: Facts) -> Found | None:
    tenant = facts.tenant
    if tenant is None or not tenant.running or not tenant.is_notable:
        return None
    text = tenants.remark(tenant)
    return Found(f"the tenant still serves: {tenant.word}", (Evidence(tenant.asked_at, text),))


def _engine(facts: Facts) -> EngineStatus | None:
    return facts.row if isinstance(facts.row, EngineStatus) else None


def _last(facts: Facts, *operations: str) -> Action | None:
    """The newest of these operations on the target that may have had an effect."""
    return next(
        (
            one
            for one in facts.actions
            if one.operation in operations and one.had_effect and is_of(one, facts)
        ),
        None,
    )


def _stopped_from_here(facts: Facts) -> Found | None:
    engine, last = _engine(facts), _last(facts, START, STOP)
    if engine is None or engine.running is not False or facts.maintenance:
        return None
    if last is None or last.operation != STOP:
        return None
    return by_user(last, "stopped", "the engine", facts)


def _stopped(facts: Facts) -> Found | None:
    engine = _engine(facts)
    if engine is None or engine.running is not False:
        return None
    said = quoted(engine.message or "")
    text = f"IsRunning: false; message: {said}" if said else "IsRunning: false, without a message"
    last = _last(facts, START, STOP)
    may_be_ours = last is not None and last.operation == STOP
    sentence = "the engine is stopped" + ("" if may_be_ours else "; no stop from here is recorded")
    return Found(sentence, row_says(facts, text))


def _unknown(facts: Facts) -> Found | None:
    engine = _engine(facts)
    if facts.subject.kind is not SubjectKind.ENGINE or facts.failures:
        return None
    if engine is None or engine.running is not None:
        return None
    said = row_says(facts, "the response has no IsRunning")
    return Found("whether the engine runs was not reported", said)


def _running(facts: Facts) -> Found | None:
    engine = _engine(facts)
    if engine is None or not engine.running:
        return None
    return Found(
        "the engine runs", row_says(facts, f"IsRunning: true; {quoted(engine.message or 'no message')}")
    )


def _connection(facts: Facts, active: bool | None) -> Connection | None:
    row = facts.row
    if not isinstance(row, Connection) or row.deleted or (row.problem is not None and not row.doubled):
        return None
    return row if row.active is active else None


def _refused(facts: Facts) -> Found | None:
    toggle = next((one for one in facts.actions if one.operation == TOGGLE and is_of(one, facts)), None)
    if _connection(facts, active=False) is None or toggle is None or toggle.had_effect:
        return None
    if toggle.turned_on is False:
        return None
    said = quoted(one_line(toggle.sentence))
    return Found(f"activating it was refused: {said}" if said else "activating it was refused",
                 (Evidence(toggle.at, f"{toggle.text} · by {toggle.user}"),))  # fmt: skip


def _off_from_here(facts: Facts) -> Found | None:
    toggle = _last(facts, TOGGLE)
    if _connection(facts, active=False) is None or facts.maintenance:
        return None
    if toggle is None or toggle.turned_on is not False:
        return None
    return by_user(toggle, "deactivated", "it", facts)


def _inactive(facts: Facts) -> Found | None:
    if _connection(facts, active=False) is None:
        return None
    return Found("it is inactive; the server gives no reason", row_says(facts, "Active: false"))


def _interrupted(facts: Facts) -> Found | None:
    if _connection(facts, active=False) is None or not facts.verdict.needs_attention:
        return None
    if facts.maintenance:
        return None
    toggle = _last(facts, TOGGLE)
    if toggle is not None and toggle.turned_on is False:
        return None
    text = "it became inactive, and no deactivation from here is known"
    return Found(
        "a change of its configuration was interrupted, or a user deactivated it", row_says(facts, text)
    )


def _is_active(active: bool | None, sentence: str, said: str) -> Find:
    def find(facts: Facts) -> Found | None:
        if _connection(facts, active) is None:
            return None
        return Found(sentence, row_says(facts, said))

    return find


def _deleted(facts: Facts) -> Found | None:
    if not isinstance(facts.row, Connection) or not facts.row.deleted:
        return None
    return Found("it is deleted", row_says(facts, "Deleted: true"))


def _test_failed(facts: Facts) -> Found | None:
    if facts.test_passed is not False or facts.verdict.level is Level.OFF:
        return None
    text = "the last test: false"
    return Found("the server does not reach its connector; it gives no reason", row_says(facts, text))


RULES: tuple[Rule, ...] = (
    beside(
        "tenant-off",
        _tenant_off,
        worked="the state of the tenant is running, and its lists are read again",
    ),
    calm("tenant-notable", _tenant_notable, role=Role.BESIDE),
    known(
        "engine-stopped-from-here",
        _stopped_from_here,
        Step(START, "Start the engine"),
        worked="IsRunning is true",
    ),
    state(
        "engine-stopped",
        _stopped,
        by_hand("Ask who stopped it in SuperOffice before you start it"),
        Step(START, "Start the engine"),
        worked="IsRunning is true",
    ),
    state(
        "engine-unknown",
        _unknown,
        Step("refresh", "Refresh"),
        by_hand("Check that this login has access to ErpSync, and the licence Development Tools"),
        worked="the state says running or stopped",
    ),
    calm("engine-running", _running),
    known(
        "toggle-refused",
        _refused,
        by_hand("Correct in SuperOffice what the reasons name, such as the direction of a field"),
        Step(TOGGLE, "Activate it again"),
        worked=_ACTIVE_AGAIN,
    ),
    known(
        "connection-off-from-here",
        _off_from_here,
        Step(TEST, "Test it, if it should be active again"),
        Step(TOGGLE, "Activate it"),
        worked=_ACTIVE_AGAIN,
    ),
    state(
        "inactive",
        _inactive,
        Step(TEST, "Test whether the server reaches its connector"),
        Step(TOGGLE, "Activate it; a refusal names the reasons"),
        worked=_ACTIVE_AGAIN,
    ),
    beside(
        "test-failed",
        _test_failed,
        by_hand("Check the URL and the configuration fields of the connector"),
        Step(TEST, "Test it again"),
        worked="the test passes",
    ),
    state(
        "active-unknown",
        _is_active(None, "the server did not report whether it is active", "Active: missing"),
        Step("refresh", "Refresh; then check it in SuperOffice"),
        worked="its row says active or inactive",
    ),
    calm("connection-active", _is_active(True, "it is active", "Active: true")),
    calm("connection-deleted", _deleted),
    likely(
        "interrupted-change",
        _interrupted,
        by_hand("Ask who changed its configuration; check it before you activate it"),
        worked=_ACTIVE_AGAIN,
    ),
)
