"""What two values that stand beside each other do not share stays in sight where they are cut."""

from rich.cells import cell_len


def around_difference(text: str, other: str, width: int) -> str:
    """`text`; the start that it shares with `other` is left out if the difference would be cut."""
    if cell_len(text) <= width:
        return text
    same = _alike(text, other)
    ends_alike = _alike(text[same:][::-1], other[same:][::-1])
    head, _, _ = text[len(text) - ends_alike :].partition(" ")
    end = len(text) - ends_alike + len(head) if ends_alike else len(text)
    if not same or cell_len(text[:end]) < width:
        return text
    start = max(0, len(text) - width + 1)
    if start > same or cell_len(text[start:]) >= width:
        start = same
    return f"…{text[start:].lstrip()}"


def _alike(one: str, other: str) -> int:
    """Characters that both start with."""
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
