"""`syncdeck why TARGET`: why a target is as it is, with evidence and the next step.

It reads the lists once, as `status` does, and tests nothing. Exit codes: 0 nothing is wrong, 1 something
is, 2 there is no such target.
"""

import asyncio

from tui.core import ServiceHandle
from tui.domain.history.records import Subject, SubjectKind
from tui.domain.profile import System
from tui.domain.runbooks import Runbook
from tui.domain.why.explain import why
from tui.domain.why.explanation import Why
from tui.domain.why.facts import FailureKind
from tui.headless.deadline import asked
from tui.headless.event_loop import OwnLoop
from tui.headless.exit_codes import ATTENTION, HEALTHY
from tui.headless.fetch import Clock
from tui.headless.history.recorded import Recorded
from tui.headless.history.subjects import UnknownTarget, meant
from tui.headless.output import json_text, refuse, say, screen_width
from tui.headless.profile_access import ProfileAccess
from tui.headless.why.output import as_text, document, team_text
from tui.headless.why.read import read_known
from tui.ops.refusal import Refusal
from tui.session.why.gather import facts_of
from tui.session.why.known import Known, of_system
from tui.session.why.recorded import with_past
from tui.session.why.target import find_subject
from tui.session.why.team import runbooks_of


def run(
    word: str, access: ProfileAccess, clock: Clock, *, as_json: bool, timeout: float | None = None
) -> int:
    """Read, print and return the exit code.

    Raises tui.config.file.ConfigError: nothing was requested. OSError: the output could not be written.
    """
    profile, recorded = access.service(), access.recorded()
    with OwnLoop() as loop:
        found, number = loop.run(_asked(word, profile, recorded, clock, timeout))
    for warning in (*profile.warnings, *profile.service.warnings):
        say(warning)
    if found is None:
        return 128 + number
    if isinstance(found, Refusal):
        return refuse(f"why: {found.sentence}")
    answer, runbooks = found
    if as_json:
        print(json_text(document(answer)), flush=True)
    else:
        screen = screen_width()
        lines = (*as_text(answer, word, recorded.profile, clock(), screen), *team_text(runbooks, screen))
        print("\n".join(lines), flush=True)
    return ATTENTION if answer.is_wrong else HEALTHY


async def _asked(
    word: str, profile: ServiceHandle, recorded: Recorded, clock: Clock, timeout_s: float | None
) -> tuple[Why, tuple[Runbook, ...]] | Refusal:
    known = await asked(read_known(profile, recorded, clock), profile.service, timeout_s)
    found = await asyncio.to_thread(_explained, word, known, recorded)
    if isinstance(found, Refusal):
        return found
    return found, runbooks_of(profile.runbooks, profile.facts.name, found, known.store)


def _explained(word: str, known: Known, recorded: Recorded) -> Why | Refusal:
    subject = find_subject(word, known.store)
    if isinstance(subject, Refusal):
        unread = _unread(word, known, recorded)
        if unread is None:
            return subject
        subject = unread
    return why(with_past(facts_of(known, subject), recorded.reader))


def _unread(word: str, known: Known, recorded: Recorded) -> Subject | None:
    """What the word may mean where a list could not be read: a recorded target, else the system."""
    failing = [one for one in map(of_system, System) if _fails(known, one)]
    if not failing:
        return None
    try:
        found = meant([word], recorded.reader.subjects(), recorded.reader.former_names())
    except (UnknownTarget, OSError, ValueError):
        return failing[0]
    rows = [one for one in found if one.kind not in (SubjectKind.TENANT, SubjectKind.MAINTENANCE)]
    return rows[0] if len(rows) == 1 else failing[0]


def _fails(known: Known, subject: Subject) -> bool:
    failures = facts_of(known, subject).failures
    return any(one.kind is not FailureKind.NOT_CONFIGURED for one in failures)
