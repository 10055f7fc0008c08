"""What every screen, the window title and the last line of the console say of open maintenance."""

from typing import TYPE_CHECKING

from tui.domain.profile import suggested_command
from tui.domain.text import counted, one_line

if TYPE_CHECKING:
    from tui.session.session import Session


def banner_of(session: "Session") -> tuple[str, str]:
    """Text and tone; empty: nothing is open on the servers of this profile, by this or another one, and
    every journal can be read."""
    view = session.maintenance
    text, urgent = (view.banner(), view.urgent) if not view.beside else _with_others(session)
    if not view.troubles:
        return text, "error" if urgent else "busy"
    # A path may need more room than there is.
    unread = f"{counted(len(view.troubles), 'journal')} unread: {view.troubles[0]}"
    return " · ".join(filter(None, (text, unread))), "error"


def _with_others(session: "Session") -> tuple[str, int]:
    """The line for all that are open on the servers of this profile, and how many are urgent."""
    from tui.domain.maintenance.banner import banners, needs_attention

    view, now = session.maintenance, session.clock()
    known = (*view.open_ones, *view.beside)
    urgent = sum(needs_attention(one, now) for one in known)
    return banners(known, now, view.seen_now), urgent


def title_words(session: "Session") -> str:
    """`maintenance nightly`, `maintenance nightly overdue`, `2 maintenances`; also of other profiles on
    the same servers."""
    known = (*session.maintenance.open_ones, *session.maintenance.beside)
    if not known:
        return ""
    named = f"maintenance {one_line(known[0].name)}" if len(known) == 1 else f"{len(known)} maintenances"
    return f"{named} overdue" if any(one.is_overdue(session.clock()) for one in known) else named


def leaving_words(session: "Session") -> str:
    """Said on the terminal after the console has ended; empty: nothing is open."""
    known = session.maintenance.open_ones
    profile = session.facts.name
    commands = (suggested_command(profile, "maintenance", "close", one_line(one.name)) for one in known)
    return (
        f"{session.maintenance.banner()} (UTC)\nStill open; to close: " + "; ".join(commands)
        if known
        else ""
    )
