"""A change or an event as `--json` writes it. The keys are a contract."""

from tui.domain.history.grouping import change_text
from tui.domain.history.notes import note_id
from tui.domain.history.observing import GONE
from tui.domain.history.records import Change, Event, EventKind, State
from tui.domain.timestamps import iso
from tui.headless.output import line, masked_line
from tui.presentation.item import Item


def change_item(change: Change) -> Item:
    """`from` is null where it was not known before, `to` where it is not listed any longer."""
    before, after = change.before, change.after
    same = before is not None and before.state == after.state
    return {
        "at": iso(change.at),
        "kind": change.subject.kind.value,
        "id": change.subject.key,
        "name": masked_line(change.subject.name) or None,
        "from": _word(before),
        "to": _word(after),
        "level": after.level.name.lower(),
        "text": masked_line(after.text or (change_text(change) if same else "")) or None,
        "by": None,
        "ref": None,
    }


def event_item(event: Event) -> Item:
    subject = event.subject
    return {
        "at": iso(event.at),
        "kind": event.kind.value,
        "id": subject.key if subject else None,
        "name": (masked_line(subject.name) or None) if subject else None,
        "from": None,
        "to": "struck through" if event.struck_by else None,
        "level": None,
        "text": masked_line(event.text) or None,
        "by": line(event.user) or None,
        "ref": note_id(event) if event.kind is EventKind.NOTE else event.ref or None,
    }


def _word(state: State | None) -> str | None:
    return None if state is None or state.state == GONE.state else line(state.state)
