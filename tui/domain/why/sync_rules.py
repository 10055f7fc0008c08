"""Rules on the state (jtl PROTOCOL §1.3, §1.4) and the message (§8) of one worker sync."""

import re

from tui.domain.health.rules import GRACE, NOT_READ, all_suspended, run_hangs_for
from tui.domain.jtl.workers import SyncState, Worker
from tui.domain.text import counted
from tui.domain.timestamps import age_text
from tui.domain.why.explanation import Evidence, Step
from tui.domain.why.facts import Action, Facts
from tui.domain.why.past_words import is_of
from tui.domain.why.rule import (
    Found,
    Role,
    Rule,
    by_hand,
    by_user,
    calm,
    known,
    likely,
    quoted,
    row_says,
    state,
)

START, STOP, RESTART = "worker.start", "worker.stop", "worker.restart"
_REFUSED = re.compile(
    r"""
    (?:^|\bhttp\S*|\bstatus|\berror|\bfehler|\bcode|[(:]) \s* :? \s* 401\b
      (?: (?! \s+\w ) | \s+(?:from|by|von)\b )
    | \b401\s+(?:unauthor|auth|invalid|client\ error)
    | \bunauthori[sz]ed\b | \binvalid_(?:grant|token)\b
    | \btoken\b (?!-) [^,;.]{0,40} \b(?:expired|revoked|abgelaufen|widerrufen)\b
    | \b(?:expired|revoked|abgelaufene[rsnm]?)\s+(?:\w+\s+)?token\b (?!-)
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Terms by which a marketplace or shop refuses the login of the account."""
_SEEMS_REFUSED = re.compile(
    r"""
    \b(?:token|credentials?|session|login|sitzung|anmeldung|zugangsdaten)\b (?!-) [^,;.]{0,40}
      \b(?:expired|revoked|invalid|refused|rejected|abgelaufen|ungültig|widerrufen)\b
    | \b(?:expired|revoked|invalid|abgelaufene[rsnm]?|ungültige[rsnm]?)\b [^,;.]{0,20}
      \b(?:token|credentials?|login)\b (?!-)
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Words that go with such a refusal, and with other messages as well."""
_GOOD_RUN = "the next run ends with ok"


def failed_text(worker: Worker) -> str:
    """The message of the last run that failed; empty: it did not fail, or left none."""
    if worker.status is None or worker.state not in (SyncState.FAILED, SyncState.LOCKED):
        return ""
    return quoted(worker.status.text)


def in_state(facts: Facts, *states: SyncState) -> Worker | None:
    worker = facts.worker
    return worker if worker is not None and worker.state in states else None


def _login_of(facts: Facts, words: re.Pattern[str], sentence: str) -> Found | None:
    worker = in_state(facts, SyncState.FAILED, SyncState.LOCKED)
    text = failed_text(worker) if worker else ""
    if worker is None or not words.search(text):
        return None
    channel = (worker.sync and worker.sync.channel) or "its account"
    steps = (
        by_hand(f"Renew the token or login of {channel} in JTL-Wawi or at the marketplace"),
        Step(START, "Start the sync") if worker.state is SyncState.LOCKED else
        Step(RESTART, "Restart the sync, or wait for the next run"),
    )  # fmt: skip
    return Found(f"{sentence} of {channel}", row_says(facts, f"last run: {text}"), steps)


def _login_refused(facts: Facts) -> Found | None:
    return _login_of(facts, _REFUSED, "the marketplace refuses the login")


def _login_seems_refused(facts: Facts) -> Found | None:
    if _login_refused(facts):
        return None
    return _login_of(facts, _SEEMS_REFUSED, "the message reads like a refused login")


_UNLOCK = "First unlock the account or shop in JTL-Wawi: a start before that has no effect"


def _locked(facts: Facts) -> Found | None:
    worker = in_state(facts, SyncState.LOCKED)
    if worker is None:
        return None
    text = failed_text(worker)
    said = f"state 6: locked; last run: {text}" if text else "state 6: locked"
    started = _started_in_vain(facts)
    evidence = (*row_says(facts, said), *([started] if started else []))
    sentence = "its account or shop is locked in JTL-Wawi"
    if not facts.maintenance:
        return Found(sentence, evidence)
    steps = by_hand(_UNLOCK), Step("maintenance", "Then close the maintenance: it starts the sync")
    return Found(f"{sentence}; the open maintenance {facts.maintenance} had stopped it", evidence, steps)


def _started_in_vain(facts: Facts) -> Evidence | None:
    """The last start while it was locked."""
    since = facts.past.since
    if since is None:
        return None
    starts = (one for one in facts.actions if one.operation in (START, RESTART) and is_of(one, facts))
    last = next((one for one in starts if one.had_effect and one.at >= since.at), None)
    return Evidence(last.at, f"{last.text}, while it was locked") if last is not None else None


def _failed(facts: Facts) -> Found | None:
    worker = in_state(facts, SyncState.FAILED)
    if worker is None:
        return None
    text = failed_text(worker)
    if not text:
        return Found(
            "the last run failed and left no message",
            row_says(facts, "state 4: the last run ended with errors"),
            (by_hand("Check the error log of the JTL-Worker in JTL-Wawi"), _RESTART),
        )
    return Found(f"the last run failed: {text}", row_says(facts, f"last run: {text}"))


_RESTART = Step(RESTART, "Restart the sync once the cause is removed")


def _all_suspended(facts: Facts) -> Found | None:
    if facts.row is not None and in_state(facts, SyncState.SUSPENDED) is None:
        return None
    if not all_suspended(facts.syncs):
        return None
    off = sum(one.state is SyncState.DEACTIVATED for one in facts.syncs)
    but = f"all suspended but {off} off on purpose" if off else "all suspended"
    text = f"{counted(len(facts.syncs), 'sync')} reported, {but}"
    return Found("the JTL-Worker is not running", row_says(facts, text))


def _suspended(facts: Facts) -> Found | None:
    worker = in_state(facts, SyncState.SUSPENDED)
    if worker is None or all_suspended(facts.syncs):
        return None
    others = sum(one.state is not SyncState.SUSPENDED for one in facts.syncs if one.id != worker.id)
    text = "state 0: suspended"
    if others:
        text += f"; {counted(others, 'other sync')} {'is' if others == 1 else 'are'} not"
    return Found("the JTL-Worker does not run this sync", row_says(facts, text))


def stopped_by(facts: Facts) -> Action | None:
    """The newest stop of the sync from here that may have had an effect."""
    for one in facts.actions:
        if not one.had_effect or not is_of(one, facts):
            continue
        if one.operation in (START, RESTART):
            return None
        if one.operation == STOP:
            return one
    return None


def _off_from_here(facts: Facts) -> Found | None:
    stop = stopped_by(facts)
    if in_state(facts, SyncState.DEACTIVATED) is None or facts.maintenance or stop is None:
        return None
    return by_user(stop, "stopped", "it", facts)


def _off(facts: Facts) -> Found | None:
    stop = stopped_by(facts)
    if in_state(facts, SyncState.DEACTIVATED) is None or facts.maintenance or (stop and stop.is_sure):
        return None
    trail = (
        "the last stop from here has no known outcome"
        if stop
        else "the audit trail has no stop from here"
    )
    text = f"state 7: deactivated; {trail}"
    return Found("a user stopped it; it stays off until a user starts it", row_says(facts, text))


def _transition(facts: Facts) -> Found | None:
    worker = in_state(facts, SyncState.STARTING, SyncState.STOPPING)
    age = facts.status.status_at.age(facts.server_now) if facts.status is not None else None
    if worker is None or age is None or age <= GRACE:
        return None
    word = worker.state_word
    sentence = f"it is {word} for longer than expected: the JTL-Worker may hang"
    return Found(sentence, row_says(facts, f"{word} for {age_text(age)}"))


def _run_hangs(facts: Facts) -> Found | None:
    status = facts.status if in_state(facts, SyncState.RUNNING) is not None else None
    age = run_hangs_for(status, facts.server_now) if status is not None else None
    if status is None or age is None:
        return None
    said = quoted(status.text) or "state 2: running"
    text = f"{said}, without a new status for {age_text(age)}"
    return Found("the run takes unusually long: the JTL-Worker may hang", row_says(facts, text))


def _under_way(facts: Facts) -> Found | None:
    worker = in_state(facts, SyncState.STARTING, SyncState.STOPPING, SyncState.RUNNING)
    if worker is None or worker.status is None or _transition(facts) or _run_hangs(facts):
        return None
    said = quoted(worker.status.text) or worker.state_word
    is_run = worker.state is SyncState.RUNNING
    return Found(
        "a run is in progress" if is_run else f"it is {worker.state_word}", row_says(facts, said)
    )


def _ok(facts: Facts) -> Found | None:
    worker = in_state(facts, SyncState.FINISHED)
    if worker is None or facts.verdict.needs_attention:
        return None
    return Found("the last run succeeded; it waits for the next", row_says(facts, "state 3: finished"))


def _unknown_state(facts: Facts) -> Found | None:
    worker = facts.worker
    if worker is None or worker.state is not None or worker.status is None:
        return None
    if worker.status.state is None:
        return Found("JTL-Wawi reported no state for it", row_says(facts, "a status without a state"))
    number = worker.status.state
    said = row_says(facts, f"state {number}")
    return Found(f"JTL-Wawi reported state {number}, which no document explains", said)


def _no_status(facts: Facts) -> Found | None:
    worker = facts.worker
    if worker is None or worker.status is not None:
        return None
    if facts.verdict.reason == NOT_READ and facts.failures:
        return None  # The failure explains it.
    text = "it is in the list of syncs, but not in the list of statuses"
    return Found("JTL-Wawi reported no status for it", row_says(facts, text))


def _no_sync(facts: Facts) -> Found | None:
    worker = facts.worker
    if (
        worker is None
        or worker.sync is not None
        or any(one.topic == "workers" for one in facts.failures)
    ):
        return None
    text = "it is in the list of statuses, but not in the list of syncs"
    return Found(
        "JTL-Wawi reports a status of a sync that its list does not have", row_says(facts, text)
    )


RULES: tuple[Rule, ...] = (
    known(
        "locked",
        _locked,
        by_hand(_UNLOCK),
        Step(START, "Then start the sync"),
        worked="its state becomes running, and the run ends with ok",
    ),
    known("marketplace-login", _login_refused, worked=_GOOD_RUN),
    likely("seems-login", _login_seems_refused, worked=_GOOD_RUN),
    calm(
        "off-from-here", _off_from_here, Step(START, "Start it if it should run again"), role=Role.CAUSE
    ),
    calm("off", _off, Step(START, "Start it if it should run again")),
    likely(
        "all-suspended",
        _all_suspended,
        by_hand("Start the service JTL-Worker on its server; suspended syncs then start by themselves"),
        worked="syncs change from suspended to running",
    ),
    state(
        "run-failed",
        _failed,
        by_hand("Remove the cause that the message names"),
        _RESTART,
        worked=_GOOD_RUN,
    ),
    state(
        "suspended",
        _suspended,
        by_hand("Check that the JTL-Worker is set up to run this sync"),
        Step(START, "Start the sync"),
        worked="its state becomes running",
    ),
    state(
        "transition-hangs",
        _transition,
        Step("refresh", "Refresh: the status may be older than the state"),
        by_hand("Check the JTL-Worker on its server; restart the service if it hangs"),
        worked="its state changes to running, ok or off",
    ),
    state(
        "run-hangs",
        _run_hangs,
        by_hand("Check in JTL-Wawi whether the run makes progress: a first import may take days"),
        by_hand("If it does not, restart the service JTL-Worker on its server"),
        worked="it has a new status, or its state changes to ok",
    ),
    state(
        "unknown-state",
        _unknown_state,
        by_hand("Check the sync in JTL-Wawi; a newer version may have added the state"),
        worked="JTL-Wawi shows it as running or waiting",
    ),
    state(
        "no-status",
        _no_status,
        Step("refresh", "Refresh; a new sync has a status only after its first run"),
        by_hand("Check in JTL-Wawi that the JTL-Worker has the sync"),
        worked="it has a state",
    ),
    state(
        "no-sync",
        _no_sync,
        Step("refresh", "Refresh; it may have been deleted"),
        worked="it has a name, or is no longer listed",
    ),
    calm("under-way", _under_way),
    calm("ok", _ok),
)
