"""Recognises a process: its number alone may meanwhile belong to another one."""

import os
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether a process with that id runs on this host."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return _state(pid)[:1] != ["Z"]


def mark_of(pid: int) -> str:
    """When the process started, in the kernel's words; empty where that cannot be read (Linux only)."""
    state = _state(pid)
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(errors="replace").strip()
    except OSError:
        return ""
    return f"{boot} {state[19]}" if len(state) > 19 else ""


def still_runs(pid: int, mark: str) -> bool:
    """Whether the process that had this id and mark runs on this host; an empty mark proves nothing."""
    if not is_alive(pid):
        return False
    now = mark_of(pid)
    return not (now and mark and now != mark)


def _state(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name; of a zombie, which does nothing, the first is Z."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return []
    return stat.rpartition(")")[2].split()
