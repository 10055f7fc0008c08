"""What is wrong with the data of a screen: a failed poll, a hanging server, a clock that is off."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.domain.profile import System
from tui.store.freshness import FreshnessKind
from tui.store.snapshot import Topic

if TYPE_CHECKING:
    from tui.session.session_view import SessionView

_MOST_APART = 30
"""Seconds that the server's clock may differ from ours without a note."""


def trouble_of(session: "SessionView", topics: Sequence[Topic]) -> tuple[str, str]:
    """What is wrong with these topics, cause and next step; and the tone. Empty: nothing is."""
    if session.freshness(topics[0]).kind is FreshnessKind.ABSENT:
        system = topics[0].system
        return (
            f"{system.product} is not configured: add [profiles.{session.facts.name}.{system}]"
            " to the config file (syncdeck config path)"
        ), "off"
    for topic in topics:
        snapshot = session.snapshot(topic)
        error, last = snapshot.error, snapshot.fetched_at
        if error is not None:
            from tui.api.errors import is_about_credentials

            seen = f"last response {last:%H:%M:%S} UTC" if last else "no response yet"
            key = "login refused; press A to re-enter the credentials"
            parts = (
                key if is_about_credentials(error) else "",
                error.sentence,
                error.next_step,
                seen,
            )
            return f"{topic}: " + " · ".join(part for part in parts if part), "error"
        if session.freshness(topic).kind is FreshnessKind.STALE:
            since = f" since {last:%H:%M:%S} UTC" if last else ""
            return f"{topic}: no response{since} · the server may hang; r polls again at once", "error"
    return _tenant_note(session, topics[0].system)


def _tenant_note(session: "SessionView", system: System) -> tuple[str, str]:
    """A note on an Online tenant that is available, but not as usual."""
    core = session.core
    if core is None or system is not System.SUPEROFFICE:
        return "", ""
    from tui.domain.superoffice.tenant import remark
    from tui.domain.text import one_line

    text = one_line(remark(core.service.tenant()))
    return text, "warning" if text else ""


def clock_note(session: "SessionView", system: System) -> str:
    """A note on the server's clock where it differs from ours."""
    core = session.core
    offset = core.service.clock_offset(system) if core else None
    if offset is None or abs(offset) <= _MOST_APART:
        return ""
    from tui.domain.timestamps import age_text

    apart = f"{abs(offset):.0f}s" if abs(offset) < 3_600 else age_text(abs(offset))
    return f"server clock {apart} {'ahead' if offset > 0 else 'behind'}"
