"""What two values that stand beside each other do not share stays in sight where they are cut."""

from rich.cells import cell_len

from tui.domain.text import shared_start


def around_difference(text: str, other: str, width: int) -> str:
    """`text`; the start that it shares with `other` is left out if the difference would be cut."""
    if cell_len(text) <= width:
        return text
    same = shared_start(text, other)
    ends_alike = shared_start(text[same:][::-1], other[same:][::-1])
    head, _, _ = text[len(text) - ends_alike :].partition(" ")
    end = len(text) - ends_alike + len(head) if ends_alike else len(text)
    if not same or cell_len(text[:end]) < width:
        return text
    start = max(0, len(text) - width + 1)
    if start > same or cell_len(text[start:]) >= width:
        start = same
    return f"…{text[start:].lstrip()}"
