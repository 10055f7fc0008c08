"""`record --print-unit`: a systemd unit that records as a user of its own. Pure.

A credential of the config is read with `{ file = "/run/credentials/syncdeck-record.service/NAME" }`.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from tui.headless.monitoring.address import Address

NAME = "syncdeck-record.service"
WATCHDOG = 300
"""Seconds; the longest pause between two polls is 15 s, and one request may take 120 s."""
_PLAIN = re.compile(r"[\w@%+=:,./$-]+", re.ASCII)
_UNIT = """\
# /etc/systemd/system/{name}: syncdeck records while no console is open.
# 1. useradd --system --no-create-home syncdeck. Program and config must not lie below /home or /root.
# 2. Store each secret as a file that only root reads, and name it with LoadCredential below.
# 3. In the config refer to it: token = {{ file = "/run/credentials/{name}/NAME" }}
# 4. systemctl daemon-reload && systemctl enable --now {name}
# Consoles of other users read along with [history] directory = "/var/lib/syncdeck/history"
# and group = "syncdeck", of which they are members.
[Unit]
Description=syncdeck: record the state of ERP synchronisation
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={command}
WatchdogSec={watchdog}
Restart=always
RestartSec=10
TimeoutStopSec=10
User=syncdeck
Group=syncdeck
UMask=0027
StateDirectory=syncdeck
StateDirectoryMode=2750
CacheDirectory=syncdeck
CacheDirectoryMode=0700
Environment=SYNCDECK_STATE_DIR=/var/lib/syncdeck SYNCDECK_CACHE_DIR=/var/cache/syncdeck
#LoadCredential=jtl-token:/etc/syncdeck/jtl-token
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
# Not RestrictSUIDSGID: a folder that others read has the mode 2750.
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
MemoryMax=256M
TasksMax=64

[Install]
WantedBy=multi-user.target
"""


def unit(
    program: Sequence[str],
    config: Path,
    profiles: Sequence[str],
    *,
    everything: bool,
    metrics: Address | None = None,
) -> str:
    """`program`: how syncdeck is started; the rest as on the command line."""
    chosen = ["--all"] if everything else [word for name in profiles for word in ("--profile", name)]
    argv = [*program, "record", "--config", str(config.absolute()), *chosen]
    if metrics is not None:
        argv += ["--metrics", str(metrics), *([] if metrics.is_loopback else ["--metrics-public"])]
    return _UNIT.format(name=NAME, command=_quoted(argv), watchdog=WATCHDOG)


def _quoted(argv: Sequence[str]) -> str:
    """Quoted for systemd, where % and $ have a meaning of their own."""
    words = (word.replace("%", "%%").replace("$", "$$") for word in argv)
    return " ".join(word if _PLAIN.fullmatch(word) else _in_quotes(word) for word in words)


def _in_quotes(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
