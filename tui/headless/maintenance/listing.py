"""`syncdeck maintenance list` and `forget`: of the journals alone, without a server."""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from tui.domain.elapsed import utc_now
from tui.domain.maintenance.banner import banner
from tui.domain.maintenance.records import Maintenance, NotedTarget
from tui.domain.profile import Environment, ProfileFacts
from tui.domain.result import Result
from tui.domain.text import counted
from tui.domain.timestamps import stamp
from tui.headless.exit_codes import ATTENTION, HEALTHY
from tui.headless.output import SCHEMA, line, masked_line, refuse, say
from tui.headless.run.confirmation import asked
from tui.ops.audit.file_trail import user_name
from tui.ops.maintenance.hindrances import still_arriving
from tui.ops.maintenance.journals import Journals
from tui.ops.operations.operation import Danger
from tui.ops.refusal import Refusal
from tui.paths import reason_of


def show(journals: Journals, *, as_json: bool) -> int:
    """Print all of them; 1 where a journal cannot be read.

    Raises OSError: the output cannot be written.
    """
    try:
        known = journals.read()
    except OSError as failure:
        return refuse(f"the journals cannot be read: {reason_of(failure)}")
    if as_json:
        items = [item(one) for one in known.items]
        # The key is there only where something is not known.
        unknown = {"troubles": [line(one) for one in known.troubles]} if known.troubles else {}
        print(json.dumps({"schema": SCHEMA, "items": items, **unknown}, indent=2), flush=True)
    else:
        none = f"no maintenance of {line(user_name())} is open, and none was"
        if known.troubles:
            none = (
                f"what is in maintenance is not known: {counted(len(known.troubles), 'journal')} unread"
            )
        print("\n".join(map(_told, known.items)) or none, flush=True)
    for trouble in known.troubles:
        say(trouble)
    return ATTENTION if known.troubles else HEALTHY


def item(one: Maintenance) -> Mapping[str, object]:
    """As `--json` writes it; its keys are a contract."""
    return {
        "id": one.id,
        "name": one.name,
        "reason": line(one.reason),
        "opened_at": stamp(one.opened_at),
        "until": stamp(one.until),
        "state": one.state.value,
        "targets": [
            {
                "id": target.id,
                "name": line(target.name),
                "before": target.before,
                "stop": target.stop_word,
                "start": target.start_word,
            }
            for target in one.targets
        ],
    }


def _told(one: Maintenance) -> str:
    now = datetime.now(UTC)
    if one.closed_at is not None:
        head = f"{one.name} · closed {one.closed_at:%Y-%m-%d %H:%M} UTC"
        return f"{head} · {line(one.reason)} · id {one.id}"
    head = f"{banner(one, now)} UTC · {line(one.reason)} · by {line(one.user)} · id {one.id}"
    return "\n".join((head, *(f"  {line(target.name)}: {standing(target)}" for target in one.targets)))


def standing(target: NotedTarget) -> str:
    """`was running · stop applied · start not sent: it is locked`."""
    if target.left:
        return f"was {target.before} · left as it was: {line(target.left)}"
    parts = [f"was {target.before}"]
    for verb, step in (("stop", target.stop), ("start", target.start)):
        if step is not None:
            said = masked_line(step.sentence)
            is_told = said and step.result is not Result.APPLIED
            parts.append(f"{verb} {step.word}" + (f": {said}" if is_told else ""))
    return " · ".join(parts if target.stop or target.start else (*parts, "not stopped yet"))


def forget(journals: Journals, word: str, *, yes: bool, clock: Callable[[], datetime] = utc_now) -> int:
    """Delete a journal, confirmed where something is off; says what stays off.

    Raises OSError: the output cannot be written.
    """
    try:
        found = journals.read().find(word)
        if isinstance(found, Maintenance):
            found = still_arriving(found, clock()) or found
        hindrance = None if isinstance(found, Refusal) else _unconfirmed(found, yes=yes)
        if hindrance:
            return refuse(hindrance)
        found = found if isinstance(found, Refusal) else journals.forget(found.id, clock())
    except OSError as failure:
        return refuse(f"the journal cannot be deleted: {reason_of(failure)}")
    if isinstance(found, Refusal):
        return refuse(". ".join(filter(None, (found.sentence, found.next_step))))
    print(line(f"forgotten: {found.name} ({found.id})"), flush=True)
    if off := _off_words(found):
        print(off, flush=True)
    return HEALTHY


def _off_words(one: Maintenance) -> str:
    """What nobody will start any more; empty: nothing."""
    off = one.off if one.closed_at is None else ()
    doubt = [target for target in off if target in one.in_doubt]
    certain = [target for target in off if target not in doubt]
    groups = (("off until somebody starts it", certain), ("in doubt, may be off or go off yet", doubt))
    named = ((said, ", ".join(line(target.name) for target in each)) for said, each in groups)
    return "; ".join(f"{said}: {names}" for said, names in named if names)


def _unconfirmed(one: Maintenance, *, yes: bool) -> str:
    """Why it is not forgotten; empty: it may be."""
    off = _off_words(one)
    if yes or not off:
        return ""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return f"nothing was forgotten: without a terminal, --yes is needed; {off}"
    print(f"forget {line(one.name)} ({line(one.id)})? It starts nothing; {off}", flush=True)
    facts = ProfileFacts(one.profile, Environment.DEVELOPMENT, read_only=False, systems=frozenset())
    is_wanted = asked(Danger.DISRUPTIVE, facts, sys.stdin, sys.stdout)
    return "" if is_wanted else "nothing was forgotten: it was not confirmed"
