"""The review of `run` as text: exactly what will change, where, and the request that does it."""

import textwrap
from collections.abc import Iterator

from tui.api.service import RequestPreview
from tui.domain.profile import ProfileFacts
from tui.headless.output import line, width
from tui.ops.proposals.proposal import Proposal

_MARGIN = "  "
_LABEL = 13
"""Columns of the label with its gap."""


def review(
    proposal: Proposal, identifier: str, preview: RequestPreview, facts: ProfileFacts, screen: int | None
) -> str:
    """The review's text; the headers of the request are masked. Wrapped at words to `screen` columns."""
    rows = "\n".join(_row(*row, screen) for row in _rows(proposal, identifier, preview, facts))
    return f"{proposal.operation.title}\n{rows}\n"


def _rows(
    proposal: Proposal, identifier: str, preview: RequestPreview, facts: ProfileFacts
) -> Iterator[tuple[str, str]]:
    known_as = "" if identifier == proposal.target else f" ({identifier})"
    yield "Target", proposal.target + known_as
    yield "Profile", f"{facts.name} · {facts.environment.value}"
    for change in proposal.changes:
        yield change.field, (f"{change.before} → " if change.before else "") + change.after
        if change.note:
            yield "", change.note
    for place, text in enumerate(proposal.consequences):
        yield "" if place else "Consequence", text
    for text in proposal.warnings:
        yield "Warning", text
    yield "Request", f"{preview.method} {preview.url}"
    for text in preview.body.split("\n"):
        if text:
            yield "", text
    for name, value in preview.headers:
        yield "", f"{name}: {value}"


def _row(label: str, value: str, screen: int | None) -> str:
    # A server's line break would look like a line of ours; the body keeps its indentation.
    indent = value[: len(value) - len(value.lstrip(" "))]
    gap = " " * max(1, _LABEL - width(line(label)))
    whole = f"{_MARGIN}{line(label)}{gap}{indent}{line(value)}".rstrip()
    below = " " * (len(_MARGIN) + _LABEL)
    longest = max(map(width, value.split()), default=0)
    # A word longer than the line, such as an address, is left whole to the terminal.
    if screen is None or width(whole) <= screen or longest > screen - len(below):
        return whole
    return textwrap.fill(
        whole,
        screen,
        subsequent_indent=below,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
        drop_whitespace=True,
    )
