"""Describes the lines of a key list for the review of a resync.

Invariant: it names every line that gave no key, several keys, or a repeated key.
"""

from collections.abc import Iterator, Sequence

from tui.domain.superoffice.resync_keys import LineNote, Report
from tui.domain.text import counted

_MOST_LINES = 12
"""Lines named in a warning, if all are listed elsewhere too."""
_MOST_SEVERAL = 200
"""Lines with several keys named in a warning: each may be an unintended key."""


def list_summary(report: Report) -> tuple[str, ...]:
    """`Key list: 6 lines · 3 keys · 3 bad lines.`; empty for keys on one typed line."""
    return () if report.is_list or not report.lines else (f"Key list: {report.summary}.",)


def list_warnings(report: Report) -> Iterator[str]:
    """Warnings about a list that may not be as intended, one sentence each."""
    if report.is_more:
        lines, keys = counted(report.lines, "line"), counted(len(report.keys), "key")
        yield f"{lines} gave {keys}"
    if report.several and not report.is_list:
        several = _listed([note.text for note in report.several], _MOST_SEVERAL, "; ")
        yield f"more than one key on {counted(len(report.several), 'line')}: {several}"
    if report.skipped is not None:
        yield f"line {report.skipped.line} left out as the header: {report.skipped.sentence}"
    if report.bad:
        yield f"{counted(len(report.bad), 'bad line')} left out: {_numbers(report.bad)}"
    if report.repeats:
        repeated = _listed([note.text for note in report.repeats], _MOST_LINES, "; ")
        yield f"{counted(len(report.repeats), 'repeated key')} sent once: {repeated}"


def _numbers(notes: Sequence[LineNote]) -> str:
    return _listed([str(note.line) for note in notes], _MOST_LINES, ", ")


def _listed(parts: Sequence[str], most: int, between: str) -> str:
    more = f" and {len(parts) - most:,} more" if len(parts) > most else ""
    return f"{between.join(parts[:most])}{more}"
