"""What `run --help` says of the operations: their names and what can be set, read from their tables."""

from collections.abc import Iterator

from tui.ops.names import last_part, words_for
from tui.ops.registry import writes
from tui.ops.settings import SETTINGS


def operations() -> str:
    """A paragraph for each operation."""
    return "\n".join(("operations:", *_lines()))


def _lines() -> Iterator[str]:
    words = words_for(writes())
    for operation in writes():
        # A short word that means several is none that can be written.
        short = last_part(operation) if last_part(operation) in words else ""
        yield f"  {short:<15}{operation.id}: {operation.help}"
        for setting in SETTINGS[operation.id]:
            needed = " Required." if setting.required else ""
            yield f"  {'':<15}  {setting.example}  {setting.help}{needed}"
