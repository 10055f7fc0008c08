"""What `run --help` says of the operations: their names and what can be set, read from their tables."""

from collections.abc import Iterator

from tui.ops.names import last_part
from tui.ops.registry import writes
from tui.ops.settings import SETTINGS


def operations() -> str:
    """A paragraph for each operation."""
    return "\n".join(("operations:", *_lines()))


def _lines() -> Iterator[str]:
    for operation in writes():
        yield f"  {last_part(operation):<15}{operation.id}: {operation.help}"
        for setting in SETTINGS[operation.id]:
            needed = " Required." if setting.required else ""
            yield f"  {'':<15}  {setting.example}  {setting.help}{needed}"
