"""The table of all operations: keys, palette, help, command line, guard and audit use it.

The first frame loads it, so it holds only texts and keys; what an operation does is in its kind
(`tui.ops.operations.kinds`). Operations that only read are carried out by the front end.
Other modules import the table from here.
"""

from collections.abc import Mapping
from types import MappingProxyType

from tui.domain.text import one_line
from tui.ops.operations.operation import Danger, Operation, Scope

__all__ = ["OPERATIONS", "Danger", "Operation", "Scope", "title_of", "writes"]

_WRITES = (
    Operation(
        id="worker.configure",
        title="Configure sync",
        scope=Scope.WORKER,
        danger=Danger.REVERSIBLE,
        key="e",
        short="configure",
        help="Change the interval and the options of a sync.",
        consequence=(
            "A new interval applies from the next run on and does not shorten a pause already running;"
            " options are shared by all syncs of the same type."
        ),
    ),
    Operation(
        id="worker.start",
        title="Start sync",
        scope=Scope.WORKER,
        danger=Danger.REVERSIBLE,
        key="s",
        short="start",
        help="Start a sync that is suspended, off or locked.",
        consequence="Requests a start from the JTL-Worker; the sync stays on until a user stops it.",
    ),
    Operation(
        id="worker.stop",
        title="Stop sync",
        scope=Scope.WORKER,
        danger=Danger.DISRUPTIVE,
        key="x",
        short="stop",
        help="Stop a sync until a user starts it again.",
        consequence=(
            "The sync stays off, even after a restart of the JTL-Worker, until a user starts it."
        ),
    ),
    Operation(
        id="worker.restart",
        title="Restart sync",
        scope=Scope.WORKER,
        danger=Danger.DISRUPTIVE,
        key="R",
        short="restart",
        help="Stop a sync and start it again.",
        consequence="Stops the sync, even in the middle of a run, then starts it again.",
    ),
    Operation(
        id="extension.create",
        title="Create extension",
        scope=Scope.EXTENSION,
        danger=Danger.REVERSIBLE,
        key="n",
        short="new",
        help="Register a new extension.",
        consequence="Registers the extension as pending; it does nothing until it is activated.",
    ),
    Operation(
        id="extension.update",
        title="Update extension",
        scope=Scope.EXTENSION,
        danger=Danger.REVERSIBLE,
        key="e",
        short="update",
        help="Change version, manifest hash or status of an extension.",
        consequence="Sends only the fields shown; the others stay as they are.",
    ),
    Operation(
        id="extension.toggle",
        title="Enable or disable",
        scope=Scope.EXTENSION,
        danger=Danger.REVERSIBLE,
        key="t",
        short="enable/disable",
        help="Disable an extension that is active, activate any other.",
        consequence="Changes only the status.",
    ),
    Operation(
        id="extension.push-manifest",
        title="Push manifest",
        scope=Scope.EXTENSION,
        danger=Danger.DISRUPTIVE,
        key="m",
        short="manifest",
        help="Replace the manifest of an extension by a signed file.",
        consequence="Replaces the manifest on the server; the old one cannot be read back.",
        on_bar=False,
    ),
    Operation(
        id="extension.delete",
        title="Delete extension",
        scope=Scope.EXTENSION,
        danger=Danger.IRREVERSIBLE,
        key="D",
        short="delete",
        help="Delete an extension from JTL-Wawi.",
        consequence="Removes the extension from JTL-Wawi; creating it again gives it a new identifier.",
    ),
    Operation(
        id="engine.start",
        title="Start engine",
        scope=Scope.ENGINE,
        danger=Danger.REVERSIBLE,
        key="s",
        short="start",
        help="Start the ErpSync engine.",
        consequence=(
            "Requests a start from the batch system; the engine then polls CRM and every active"
            " connection on its timer."
        ),
    ),
    Operation(
        id="engine.stop",
        title="Stop engine",
        scope=Scope.ENGINE,
        danger=Danger.DISRUPTIVE,
        key="x",
        short="stop",
        help="Stop the ErpSync engine.",
        consequence=(
            "Requests a stop from the batch system; no connection synchronises automatically until the"
            " engine is started again."
        ),
    ),
    Operation(
        id="engine.interval",
        title="Engine interval",
        scope=Scope.ENGINE,
        danger=Danger.REVERSIBLE,
        key="e",
        short="interval",
        help="Change the time between two runs of the engine.",
        consequence="Sets the time between two runs over all connections.",
    ),
    Operation(
        id="engine.sync-all",
        title="Sync all",
        scope=Scope.ENGINE,
        danger=Danger.DISRUPTIVE,
        key="S",
        short="sync all",
        help="Sync all active connections now.",
        consequence="Synchronises all active connections now; values on both sides may change.",
    ),
    Operation(
        id="engine.force-sync-all",
        title="Force sync all",
        scope=Scope.ENGINE,
        danger=Danger.DISRUPTIVE,
        key="F",
        short="force sync",
        help="Sync all active connections now, even while automatic sync is off.",
        consequence=(
            "Synchronises all active connections now, even while automatic sync is off; values on both"
            " sides may change."
        ),
        on_bar=False,
    ),
    Operation(
        id="engine.force-resync",
        title="Forced resync",
        scope=Scope.ENGINE,
        danger=Danger.IRREVERSIBLE,
        key="f",
        short="forced resync",
        help="Copy records one way between ERP and CRM, ignoring timestamps.",
        consequence="Overwrites values on the receiving side, ignoring timestamps.",
    ),
    Operation(
        id="connection.toggle",
        title="Activate or deactivate",
        scope=Scope.CONNECTION,
        danger=Danger.DISRUPTIVE,
        key="t",
        short="on/off",
        help="Deactivate a connection that is active, activate any other.",
        consequence="Activates or deactivates the connection.",
    ),
    Operation(
        id="connection.update-fields",
        title="Update fields",
        scope=Scope.CONNECTION,
        danger=Danger.DISRUPTIVE,
        key="L",
        short="load fields",
        help="Read actor types and fields from the connector again.",
        consequence=(
            "Reads actor types and fields from the connector again; those that it no longer offers can"
            " no longer be mapped."
        ),
        on_bar=False,
    ),
    Operation(
        id="connection.priorities",
        title="Priorities",
        scope=Scope.CONNECTION,
        danger=Danger.REVERSIBLE,
        key="w",
        short="priorities",
        help="Change the priority order of the connections.",
        consequence="Sets the priority of the connections, the highest first.",
        on_bar=False,
    ),
)


def _read(
    id_: str, title: str, scope: Scope, key: str, short: str, help_: str, *, on_bar: bool = False
) -> Operation:
    return Operation(id_, title, scope, Danger.READ, key, short, help_, on_bar=on_bar)


def _past(name: str, title: str, key: str, short: str, help_: str) -> Operation:
    return _read(f"history.{name}", title, Scope.PAST, key, short, help_, on_bar=True)


_APP, _LIST = Scope.APP, Scope.LIST
_READS = (
    _read("details", "Details", _LIST, "enter", "details", "Show details.", on_bar=True),
    _read("filter", "Filter", _LIST, "/", "filter", "Show only rows that match.", on_bar=True),
    _read("copy", "Copy", _LIST, "y", "copy", "Copy the row or the marked rows to clipboard and file."),
    _read("mark", "Mark", _LIST, "space", "mark", "Mark or unmark the row and go to the next."),
    _read("mark.all", "Mark all", _LIST, "*", "mark all", "Mark every row that the filter shows."),
    _read("mark.none", "Unmark all", _LIST, "-", "unmark", "Unmark every row."),
    _read("sort", "Sort", _LIST, "o", "sort", "Sort by the next column."),
    _read("sort.reverse", "Reverse sort", _LIST, "O", "reverse", "Reverse the order."),
    _read("log.more", "More", Scope.LOG, "m", "more", "Load the next page of the log.", on_bar=True),
    _read(
        "connection.test",
        "Test connection",
        Scope.CONNECTION,
        "T",
        "test",
        "Test whether the server reaches the connector (or marked ones).",
        on_bar=True,
    ),
    _read(
        "connection.deleted",
        "Deleted ones",
        Scope.CONNECTION,
        "d",
        "deleted",
        "Show or hide deleted connections.",
    ),
    _read(
        "engine.linked",
        "Is it linked?",
        Scope.ENGINE,
        "i",
        "linked?",
        "Check which connections link a company or person to the ERP.",
    ),
    _read(
        "engine.batch-tasks",
        "Batch tasks",
        Scope.ENGINE,
        "b",
        "batch tasks",
        "Show batch tasks; those since a batch resync are marked.",
    ),
    _read("screen.workers", "Workers", _APP, "1", "workers", "Show the worker syncs."),
    _read("screen.extensions", "Extensions", _APP, "2", "extensions", "Show the extensions."),
    _read("screen.engine", "Engine", _APP, "3", "engine", "Show the ErpSync engine."),
    _read("screen.connections", "Connections", _APP, "4", "connections", "Show the connections."),
    _read("screen.activity", "Activity", _APP, "5", "activity", "Show the changes made from here."),
    _read("screen.log", "Change log", _APP, "6", "log", "Show what ErpSync changed, field by field."),
    _read("profile", "Switch profile", _APP, "P", "profile", "Switch to another profile of the config."),
    _read(
        "unlock",
        "Unlock",
        _APP,
        "U",
        "unlock",
        "Allow or forbid writes on a read-only profile.",
        on_bar=True,
    ),
    _read(
        "authorise",
        "Authorise",
        _APP,
        "A",
        "authorise",
        "Re-enter credentials: read them again, or type one.",
    ),
    _read(
        "history.row",
        "History",
        _LIST,
        "h",
        "history",
        "Show when this changed, and how often.",
        on_bar=True,
    ),
    _read("why", "Why", _LIST, "W", "why", "Show why this is as it is, and what to do.", on_bar=True),
    _read(
        "history.all",
        "What happened",
        _APP,
        "H",
        "what happened",
        "Show all changes, failures and actions of the last hours.",
        on_bar=True,
    ),
    _read(
        "history.back",
        "Look back",
        _APP,
        "B",
        "past or now",
        "Show every list as it was at a time, or return to now.",
        on_bar=True,
    ),
    _read("history.note", "Note", _APP, "N", "note", "Add a line to the history, with user and time."),
    _past("previous", "Previous change", "[", "‹change", "Go to the change before (also with a comma)."),
    _past("next", "Next change", "]", "›", "Go to the change after (also with a full stop)."),
    _past("hour-back", "An hour back", "{", "‹1h", "Go an hour back (also with <)."),
    _past("hour-forward", "An hour forward", "}", "›", "Go an hour forward (also with >)."),
    _past("problem-previous", "Previous problem", "E", "‹problem", "Go to where it got worse before."),
    _past("problem-next", "Next problem", "e", "›", "Go to where it got worse after."),
    _past("time", "Go to a time", "t", "time", "Go to a time."),
    _read(
        "maintenance",
        "Maintenance",
        _APP,
        "M",
        "maintenance",
        "Stop a set for a time, and later start exactly those.",
    ),
    _read("undo", "Undo", _APP, "u", "undo", "List the changes of the last 24 hours and undo them."),
    _read(
        "command",
        "Command line",
        _APP,
        ":",
        "command",
        "Type an operation with settings; tab completes, up recalls.",
    ),
    _read("palette", "Palette", _APP, "ctrl+p", "palette", "Find and run an operation of this screen."),
    _read("refresh", "Refresh", _APP, "r", "refresh", "Refresh now."),
    _read("pause", "Pause polling", _APP, "p", "pause", "Pause or resume refresh."),
    _read("help", "Help", _APP, "?", "help", "Show the keys of this screen."),
    _read("quit", "Back or quit", _APP, "q", "quit", "Go back; on a top screen, quit.", on_bar=True),
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {operation.id: operation for operation in (*_WRITES, *_READS)}
)


def title_of(id: str) -> str:
    """The title of an operation; its id where this version does not have it."""
    known = OPERATIONS.get(id)
    return known.title if known else one_line(id)


def writes() -> tuple[Operation, ...]:
    """Every operation that changes something on a server; the guard must cover each of them."""
    return _WRITES
