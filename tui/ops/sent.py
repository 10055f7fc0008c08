"""What a command carries, as the trail keeps it. No secret and no content of a file is in it."""

import hashlib
from collections.abc import Mapping

from tui.domain.changes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    ForceResync,
    ForceResyncExternal,
    PushManifest,
    SavePriorities,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
    UpdateExtension,
    Write,
)
from tui.domain.secrecy import masked

EVERYTHING = "everything"
"""Stands for no keys, which means all."""


def sent(write: Write) -> Mapping[str, object]:
    """What `write` carries, as the trail keeps it; what is not sent is left out."""
    match write:
        case ConfigureWorker(interval=interval, options=options, secret=secret):
            kept = {key: masked(value) if key in secret else value for key, value in options}
            return _given(interval=interval, options=kept or None)
        case ControlWorker(action=action):
            return {"action": action.name.lower()}
        case CreateExtension(version=version, manifest_hash=manifest_hash):
            return {"version": version, "manifest_hash": manifest_hash}
        case UpdateExtension(version=version, manifest_hash=manifest_hash, status=status):
            return _given(version=version, manifest_hash=manifest_hash, status=status)
        case PushManifest(manifest=manifest, signature=signature):
            return {"manifest": _fingerprint(manifest), "signature": _fingerprint(signature)}
        case ForceResync(keys=keys, no_blanks=no_blanks, as_batch=as_batch):
            return {
                "keys": list(keys) or EVERYTHING,
                **_if_so(no_blanks=no_blanks, as_batch=as_batch),
            }
        case ForceResyncExternal(actor_type=actor, keys=external, no_blanks=no_blanks):
            return {
                "actor_type": actor,
                "external_keys": list(external) or EVERYTHING,
                **_if_so(no_blanks=no_blanks),
            }
        case ChangeEngineStatus(run=run):
            return {"run": run}
        case ChangeEngineInterval(interval=interval):
            return {"interval": interval}
        case SyncAll(forced=forced):
            return {"forced": forced}
        case ToggleConnection(active=active):
            return {"active": active}
        case SavePriorities(connection_ids=ids):
            return {"connection_ids": list(ids)}
        case DeleteExtension() | UpdateConnectionFields():
            return {}


def _if_so(**flags: bool) -> Mapping[str, object]:
    return {name: True for name, flag in flags.items() if flag}


def _given(**fields: object) -> Mapping[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _fingerprint(content: bytes) -> Mapping[str, object]:
    return {"bytes": len(content), "sha512": hashlib.sha512(content).hexdigest()}
