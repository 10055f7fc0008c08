"""What a simulated ERP is asked to be. Standard library only: the command line reads it early."""

from pathlib import Path

from tui.frozen import frozen


@frozen
class SimulateOptions:
    port: int = 8700
    """0: a free one."""
    workers: int = 12
    extensions: int = 25
    connections: int = 4
    seed: int = 1
    still: bool = False
    """Freeze the world at its birth; writes still take effect."""
    write_config: Path | None = None
    """Where to write a ready configuration file."""
    faults: tuple[str, ...] = ()
    """`REGEX=KIND[:ARG][*COUNT]`, see `faults`."""
