"""What changes nothing remote, declared once: looking, moving about, what the console does itself."""

from tui.ops.operation import Danger, Operation, Scope


def _read(
    id_: str, title: str, scope: Scope, key: str, short: str, help_: str, *, on_bar: bool = False
) -> Operation:
    return Operation(id_, title, scope, Danger.READ, key, short, help_, on_bar=on_bar)


_APP, _LIST = Scope.APP, Scope.LIST
READS = (
    _read("details", "Details", _LIST, "enter", "details", "Show all that is known of it.", on_bar=True),
    _read("filter", "Filter", _LIST, "/", "filter", "Show only rows that match.", on_bar=True),
    _read(
        "copy", "Copy", _LIST, "y", "copy", "Copy the row, or all that is marked, to clipboard and file."
    ),
    _read(
        "mark", "Mark", _LIST, "space", "mark", "Mark the row or take its mark away, and go to the next."
    ),
    _read("mark.all", "Mark all", _LIST, "*", "mark all", "Mark every row that the filter shows."),
    _read("mark.none", "Unmark all", _LIST, "-", "unmark", "Take every mark away."),
    _read("sort", "Sort", _LIST, "o", "sort", "Sort by the next column."),
    _read("sort.reverse", "Reverse sort", _LIST, "O", "reverse", "Reverse the order."),
    _read("log.more", "More", Scope.LOG, "m", "more", "Ask for the next page of the log.", on_bar=True),
    _read(
        "connection.test",
        "Test connection",
        Scope.CONNECTION,
        "T",
        "test",
        "Have the server test whether the connector can be reached; with marks, of all that is marked.",
        on_bar=True,
    ),
    _read(
        "connection.deleted",
        "Deleted ones",
        Scope.CONNECTION,
        "d",
        "deleted",
        "List deleted connections too, or no longer.",
    ),
    _read(
        "engine.linked",
        "Is it linked?",
        Scope.ENGINE,
        "i",
        "linked?",
        "Ask whether a company or person is linked to the ERP, per connection.",
    ),
    _read(
        "engine.batch-tasks",
        "Batch tasks",
        Scope.ENGINE,
        "b",
        "batch tasks",
        "Show the tenant's batch tasks, those since a batch resync marked.",
    ),
    _read("screen.workers", "Workers", _APP, "1", "workers", "Show the worker syncs."),
    _read("screen.extensions", "Extensions", _APP, "2", "extensions", "Show the extensions."),
    _read("screen.engine", "Engine", _APP, "3", "engine", "Show the ErpSync engine."),
    _read("screen.connections", "Connections", _APP, "4", "connections", "Show its connections."),
    _read("screen.activity", "Activity", _APP, "5", "activity", "Show what was changed from here."),
    _read("screen.log", "Change log", _APP, "6", "log", "Show what ErpSync changed, field by field."),
    _read("profile", "Switch profile", _APP, "P", "profile", "Go to another profile of the config."),
    _read(
        "unlock",
        "Unlock",
        _APP,
        "U",
        "unlock",
        "Allow writes on a read-only profile, or forbid them again.",
    ),
    _read(
        "authorise",
        "Authorise",
        _APP,
        "A",
        "authorise",
        "Give the profile's credentials anew: read their sources again, or type one for this session.",
    ),
    _read("undo", "Undo", _APP, "u", "undo", "List what this session changed, and take it back."),
    _read(
        "command",
        "Command line",
        _APP,
        ":",
        "command",
        "Write an operation and its settings; tab completes, ↑ recalls.",
    ),
    _read(
        "palette", "Palette", _APP, "ctrl+p", "palette", "Find an operation of this screen and do it."
    ),
    _read("refresh", "Refresh", _APP, "r", "refresh", "Ask the servers now."),
    _read("pause", "Pause polling", _APP, "p", "pause", "Stop asking by itself, or go on."),
    _read("help", "Help", _APP, "?", "help", "Show the keys of this screen."),
    _read("quit", "Back or quit", _APP, "q", "quit", "Go back; on a top screen, quit.", on_bar=True),
)
