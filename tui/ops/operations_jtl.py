"""What changes something in JTL-Wawi, declared once: syncs and extensions."""

from tui.domain.changes import (
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    PushManifest,
    UpdateExtension,
    Write,
)
from tui.domain.workers import ControlAction
from tui.ops.operation import Danger, Operation, Scope
from tui.ops.sending import Sends, a, sending

_CONFIGURE = sending(ConfigureWorker, lambda service, write: service.configure_worker(write))
_CONTROL = sending(ControlWorker, lambda service, write: service.control_worker(write))
_CREATE = sending(CreateExtension, lambda service, write: service.create_extension(write))
_UPDATE = sending(UpdateExtension, lambda service, write: service.update_extension(write))
_DELETE = sending(DeleteExtension, lambda service, write: service.delete_extension(write))
_PUSH = sending(PushManifest, lambda service, write: service.push_manifest(write))


def _control(action: ControlAction) -> Sends:
    return lambda write: isinstance(write, ControlWorker) and write.action is action


def _status_alone(write: Write) -> bool:
    return (
        isinstance(write, UpdateExtension)
        and write.status is not None
        and write.version is None
        and write.manifest_hash is None
    )


JTL_WRITES = (
    Operation(
        "worker.configure",
        "Configure sync",
        Scope.WORKER,
        Danger.REVERSIBLE,
        "e",
        "configure",
        "Change the interval and the options of a sync.",
        "worker.configure",
        "A new interval applies from the next run on and does not shorten a pause already running;"
        " options are shared by all syncs of the same type.",
        _CONFIGURE,
        a(ConfigureWorker),
    ),
    Operation(
        "worker.start",
        "Start sync",
        Scope.WORKER,
        Danger.REVERSIBLE,
        "s",
        "start",
        "Start a sync that is suspended, off or locked.",
        "worker.stop",
        "The JTL-Worker is asked to start it; it stays on until a user stops it.",
        _CONTROL,
        _control(ControlAction.START),
    ),
    Operation(
        "worker.stop",
        "Stop sync",
        Scope.WORKER,
        Danger.DISRUPTIVE,
        "x",
        "stop",
        "Stop a sync until a user starts it again.",
        "worker.start",
        "It stays off, also after a restart of the JTL-Worker, until a user starts it again.",
        _CONTROL,
        _control(ControlAction.STOP),
    ),
    Operation(
        "worker.restart",
        "Restart sync",
        Scope.WORKER,
        Danger.DISRUPTIVE,
        "R",
        "restart",
        "Stop a sync and start it again.",
        None,
        "It is asked to stop, also in the middle of a run, and then started again.",
        _CONTROL,
        _control(ControlAction.RESTART),
    ),
    Operation(
        "extension.create",
        "Create extension",
        Scope.EXTENSION,
        Danger.REVERSIBLE,
        "n",
        "new",
        "Register a new extension.",
        "extension.delete",
        "It is registered as pending and does nothing until it is activated.",
        _CREATE,
        a(CreateExtension),
    ),
    Operation(
        "extension.update",
        "Update extension",
        Scope.EXTENSION,
        Danger.REVERSIBLE,
        "e",
        "update",
        "Change version, manifest hash or status of an extension.",
        "extension.update",
        "Only the fields shown are sent; the others stay as they are.",
        _UPDATE,
        a(UpdateExtension),
    ),
    Operation(
        "extension.toggle",
        "Enable or disable",
        Scope.EXTENSION,
        Danger.REVERSIBLE,
        "t",
        "enable/disable",
        "Disable an extension that is active, activate any other.",
        "extension.toggle",
        "Only its status is changed.",
        _UPDATE,
        _status_alone,
    ),
    Operation(
        "extension.push-manifest",
        "Push manifest",
        Scope.EXTENSION,
        Danger.DISRUPTIVE,
        "m",
        "manifest",
        "Replace the manifest of an extension by a signed file.",
        None,
        "The manifest on the server is replaced; the old one cannot be read back.",
        _PUSH,
        a(PushManifest),
        on_bar=False,
    ),
    Operation(
        "extension.delete",
        "Delete extension",
        Scope.EXTENSION,
        Danger.IRREVERSIBLE,
        "D",
        "delete",
        "Delete an extension from JTL-Wawi.",
        None,
        "It is removed from JTL-Wawi; created again, it is a new one with a new identifier.",
        _DELETE,
        a(DeleteExtension),
    ),
)
