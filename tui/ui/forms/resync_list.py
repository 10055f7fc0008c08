"""The key list of a forced resync in its form: how its lines are read, and what stops the review.

Invariant: whatever is ambiguous in a list (a header, an invalid line, more keys than lines) is decided
by the operator in a field of its own, which is in sight only where it is needed.
"""

from collections.abc import Mapping

from tui.domain.superoffice.resync_keys import Header, Report
from tui.domain.text import counted
from tui.ui.widgets.form_fields import ChoiceField, Field

ALONE, RANGES = "one key each", "ranges and lists"
UNDECIDED, SKIP, KEY = "undecided", "skip", "key"
STOP = "stop"
NOT_CONFIRMED, CONFIRMED = "not confirmed", "confirmed"
_HEADERS = {UNDECIDED: Header.UNSAID, SKIP: Header.SKIP, KEY: Header.KEY}
_NAMED = 2
"""Lines that are named at a field."""
_READ_ANEW = ("Scope", "Keys", "File", "Lines", "Header", "BadLines")
"""Fields that decide which keys there are: a confirmed number is void once one of them changes."""
_ANOTHER_LIST = ("Scope", "File")


def list_fields() -> tuple[Field, ...]:
    """How lines are read, and the decisions about some of them."""
    return (
        ChoiceField("Lines", "Lines of the file", (ALONE, RANGES), note="how each line is read"),
        ChoiceField(
            "Header",
            "First line",
            (UNDECIDED, SKIP, KEY),
            note="skip: ignore the header; key: send it as a key",
        ),
        ChoiceField(
            "BadLines", "Invalid lines", (STOP, SKIP), note="skip invalid lines, or stop at them"
        ),
        ChoiceField(
            "MoreKeys",
            "More keys than lines",
            (NOT_CONFIRMED, CONFIRMED),
            note="F4 lists the lines that gave more than one key",
        ),
    )


def header_of(fields: Mapping[str, Field]) -> Header:
    return _HEADERS[fields["Header"].text]


def show_needed(fields: Mapping[str, Field], report: Report, *, in_file: bool) -> None:
    fields["Lines"].display = in_file and (bool(report.bad) or fields["Lines"].text == RANGES)
    decided = report.lines > 0 and report.skipped is not None
    fields["Header"].display = report.header is not None or decided or fields["Header"].text == KEY
    fields["BadLines"].display = bool(report.bad)
    fields["MoreKeys"].display = report.is_more


def forget_decisions(fields: Mapping[str, Field], edited: str) -> None:
    """Reset the decisions that were made about another list."""
    if edited in _READ_ANEW:
        fields["MoreKeys"].take(NOT_CONFIRMED)
    if edited in _ANOTHER_LIST:
        fields["Header"].take(UNDECIDED)


def wrong_with(fields: Mapping[str, Field], report: Report, *, in_file: bool) -> tuple[str, str]:
    """The field that needs a decision or a correction, and the message; empty: none."""
    where = "File" if in_file else "Keys"
    if not report.keys and (report.header is None or report.bad):
        return where, report.nothing
    if report.header is not None:
        line = f"line {report.header.line}, {report.header.sentence}"
        return "Header", f"{line}, looks like a header: choose skip or key"
    if report.bad and fields["BadLines"].text == STOP:
        return (
            "BadLines",
            f"{_first([note.text for note in report.bad])}. F4 lists them; skip sends the others",
        )
    if report.is_more and fields["MoreKeys"].text != CONFIRMED:
        gave = f"{counted(report.lines, 'line')} gave {counted(len(report.keys), 'key')}"
        several = _first([note.text for note in report.several])
        return "MoreKeys", f"{gave}: {several}. Confirm it here"
    return "", ""


def _first(notes: list[str]) -> str:
    more = f" and {len(notes) - _NAMED:,} more" if len(notes) > _NAMED else ""
    return f"{'; '.join(notes[:_NAMED])}{more}"
