"""Whether a folder lies on a file system of this machine, where SQLite's WAL can be used."""

from pathlib import Path

_REMOTE = frozenset({"9p", "afs", "beegfs", "ceph", "cifs", "drvfs", "gfs2", "gpfs", "lustre", "ncpfs"})
_REMOTE_PREFIXES = ("fuse", "nfs", "ocfs", "smb", "vboxsf", "virtiofs")
_MOUNTINFO = Path("/proc/self/mountinfo")


def is_local(place: Path, mountinfo: Path = _MOUNTINFO) -> bool:
    """False also where it is unknown: without WAL the history is slower, but safe everywhere."""
    try:
        lines = mountinfo.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        place = place.resolve()
    except OSError:
        return False
    kind, longest = "", -1
    for line in lines:
        fields, _, after = line.partition(" - ")
        columns = fields.split(" ")
        if len(columns) < 5 or not after:
            continue
        mount = Path(_plain(columns[4]))
        # Of two mounts on the same folder, the later one covers the earlier one.
        if place.is_relative_to(mount) and len(mount.parts) >= longest:
            kind, longest = after.split(" ")[0], len(mount.parts)
    return bool(kind) and kind not in _REMOTE and not kind.startswith(_REMOTE_PREFIXES)


def _plain(escaped: str) -> str:
    """A path with the kernel's octal escapes of space, tab, newline and backslash replaced."""
    for code in ("040", "011", "012", "134"):
        escaped = escaped.replace(f"\\{code}", chr(int(code, 8)))
    return escaped
