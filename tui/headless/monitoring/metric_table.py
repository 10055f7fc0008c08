"""The metrics: name, labels and help of each, once. The names and labels are a contract.

Base units, times as timestamps, and no text of a server but the names of its rows.
"""

from tui.domain.jtl.workers import SyncState
from tui.frozen import frozen

_SYNC = ("profile", "id", "sync")


@frozen
class Metric:
    name: str
    labels: tuple[str, ...]
    help: str

    @property
    def is_counter(self) -> bool:
        """All others are gauges."""
        return self.name.endswith("_total")


UNKNOWN_STATE = "unknown"
STATES = (*(state.word for state in SyncState), UNKNOWN_STATE)
"""Of a sync; what the server reports beside the eight documented ones is unknown."""
REDUCED_STATES = ("error", "locked", "suspended")
MOST_WHOLE = 1_000
"""Syncs of a profile up to which every state has a series. Beyond it only the reduced ones have, and
others but `ok` while a sync is in them: a run between two failures must be seen."""

BUILD_INFO = Metric("syncdeck_build_info", ("version",), "Always 1; the version of syncdeck.")
UP = Metric(
    "syncdeck_up",
    ("profile", "system"),
    "1 if the last request of every polled topic of the system succeeded and none hangs, else 0.",
)
LAST_RESPONSE = Metric(
    "syncdeck_last_response_timestamp_seconds",
    ("profile", "system", "topic"),
    "When the topic was last read with success.",
)
REQUEST_DURATION = Metric(
    "syncdeck_request_duration_seconds",
    ("profile", "system", "topic"),
    "How long the last successful request of the topic took.",
)
TOPIC_UP = Metric(
    "syncdeck_topic_up",
    ("profile", "system", "topic"),
    "1 if the last request of the topic succeeded and none hangs, else 0.",
)
POLL_INTERVAL = Metric(
    "syncdeck_poll_interval_seconds",
    ("profile", "system", "topic"),
    "The pause between two requests of the topic, as configured.",
)
SYNC_STATE = Metric(
    "syncdeck_sync_state",
    (*_SYNC, "state"),
    "1 for the state that the sync is in, 0 for the others. Of a profile with more than"
    f" {MOST_WHOLE} syncs only {', '.join(REDUCED_STATES)} are listed, and others but ok while"
    " they are 1.",
)
SYNC_ATTENTION = Metric(
    "syncdeck_sync_attention",
    _SYNC,
    "1 if the sync needs attention as `syncdeck check` judges it, maintenance aside, else 0.",
)
SYNC_OVERDUE = Metric(
    "syncdeck_sync_overdue", _SYNC, "1 if the sync is ok, but its next status is overdue, else 0."
)
SYNC_INTERVAL = Metric(
    "syncdeck_sync_interval_seconds", _SYNC, "The pause between two runs, as configured."
)
SYNC_STATUS = Metric(
    "syncdeck_sync_status_timestamp_seconds",
    _SYNC,
    "The time of the last status by the server; it may not be a run.",
)
SYNC_LAST_SUCCESS = Metric(
    "syncdeck_sync_last_success_seen_timestamp_seconds",
    _SYNC,
    "When syncdeck last saw a run end well; absent if it never did.",
)
SYNC_RUNS = Metric("syncdeck_sync_runs_seen_total", _SYNC, "Runs that syncdeck saw end.")
SYNC_FAILED_RUNS = Metric("syncdeck_sync_failed_runs_seen_total", _SYNC, "Runs that syncdeck saw fail.")
SYNC_MAINTENANCE = Metric(
    "syncdeck_sync_maintenance",
    _SYNC,
    "1 while an open maintenance covers the sync, else 0; absent while that is unknown.",
)
MAINTENANCE_END = Metric(
    "syncdeck_maintenance_planned_end_timestamp_seconds",
    ("profile", "set"),
    "When the open maintenance is planned to end.",
)
MAINTENANCE_UNREADABLE = Metric(
    "syncdeck_maintenance_unreadable_journals",
    ("profile",),
    "Journals of maintenances that cannot be read: what they cover is unknown; absent: all can.",
)
ENGINE_MAINTENANCE = Metric(
    "syncdeck_engine_maintenance",
    ("profile",),
    "1 while an open maintenance covers the ErpSync engine, else absent.",
)
CONNECTION_MAINTENANCE = Metric(
    "syncdeck_connection_maintenance",
    ("profile", "id", "connection"),
    "1 while an open maintenance covers the ErpSync connection, else absent.",
)
ENGINE_RUNNING = Metric(
    "syncdeck_engine_running",
    ("profile",),
    "1 if the ErpSync engine runs, 0 if it is stopped; absent while unknown.",
)
CONNECTION_ACTIVE = Metric(
    "syncdeck_connection_active",
    ("profile", "id", "connection"),
    "1 if the ErpSync connection is active, else 0; absent while unknown.",
)
CONNECTION_ATTENTION = Metric(
    "syncdeck_connection_attention",
    ("profile", "id", "connection"),
    "1 if the ErpSync connection needs attention as `syncdeck check` judges it, maintenance aside,"
    " else 0.",
)
CONNECTIONS = Metric(
    "syncdeck_connections", ("profile",), "ErpSync connections in the list; 0 for an empty list."
)
TENANT_RUNNING = Metric(
    "syncdeck_tenant_running",
    ("profile",),
    "1 if the state service reports the SuperOffice tenant as running, else 0; absent while unknown.",
)
SYNCS = Metric("syncdeck_syncs", ("profile",), "Syncs in the list; 0 for an empty list.")
UNRESOLVED_WRITES = Metric(
    "syncdeck_unresolved_writes",
    ("profile",),
    "Changes made from here whose effect is unknown; `syncdeck audit verify` lists them.",
)
HISTORY_BYTES = Metric("syncdeck_history_bytes", ("profile",), "Size of the recorded history.")
HISTORY_RECORDING = Metric(
    "syncdeck_history_recording",
    ("profile",),
    "1 if what is seen gets into the history, 0 while it cannot be written.",
)
HISTORY_DROPPED = Metric(
    "syncdeck_history_dropped_rows_total",
    ("profile",),
    "Rows that the recorder gave up because the disk was too slow or full.",
)

METRICS = (
    *(BUILD_INFO, UP, TOPIC_UP, POLL_INTERVAL, LAST_RESPONSE, REQUEST_DURATION),
    *(SYNC_STATE, SYNC_ATTENTION, SYNC_OVERDUE, SYNC_INTERVAL, SYNC_STATUS),
    *(SYNC_LAST_SUCCESS, SYNC_RUNS, SYNC_FAILED_RUNS),
    *(SYNC_MAINTENANCE, MAINTENANCE_END, MAINTENANCE_UNREADABLE),
    *(ENGINE_MAINTENANCE, CONNECTION_MAINTENANCE),
    *(ENGINE_RUNNING, CONNECTION_ACTIVE, CONNECTION_ATTENTION, CONNECTIONS, TENANT_RUNNING),
    *(SYNCS, UNRESOLVED_WRITES, HISTORY_BYTES, HISTORY_RECORDING, HISTORY_DROPPED),
)
"""In the order in which they are printed."""
