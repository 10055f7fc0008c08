"""The JTL side as JSON: PascalCase trees, turned to camelCase for v2.

Source: jtl PROTOCOL §1.2, §3, §6.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from tui.domain.intervals import timespan
from tui.simulator.http_messages import rebuilt
from tui.simulator.jtl.world import RUNNING, SUSPENDED, ExtensionRow, JtlWorld, Kind, Option, Sync

NEVER = "0001-01-01T00:00:00.0000000+00:00"
Tree = dict[str, Any]


def moment(at: datetime) -> str:
    """A time as .NET writes it: seven fraction digits and an offset."""
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')[:26]}0+00:00"


def camel(tree: Any) -> Any:
    return rebuilt(tree, key=camel_name)


@lru_cache(maxsize=4096)
def camel_name(name: str) -> str:
    return name[:1].lower() + name[1:]


def _option(option: Option) -> Tree:
    return {
        "Identifier": option.id,
        "DisplayName": option.name,
        "DisplayDescription": option.description,
        "Type": option.type_name,
        "CurrentValue": option.value,
        "IsRequired": option.required,
    }


def sync_item(sync: Sync, options: list[Tree] | None = None) -> Tree:
    """WorkerSyncItem; `options` may be given where the caller has built them already."""
    return {
        "Identifier": sync.id,
        "SyncName": sync.kind.name,
        "SalesChannelName": sync.channel,
        "SalesChannelId": sync.channel_id,
        "Interval": timespan(sync.interval),
        "ReportProgress": sync.reports_progress,
        "Configurations": option_trees(sync.kind) if options is None else options,
    }


def option_trees(kind: Kind) -> list[Tree]:
    return [_option(option) for option in kind.options]


def sync_list(world: JtlWorld) -> list[Tree]:
    """The list of syncs; a kind's options are built once, thousands of syncs share them."""
    options = {name: option_trees(kind) for name, kind in world.kinds.items()}
    return [sync_item(sync, options[sync.kind.name]) for sync in world.syncs.values() if sync.listed]


def sync_status(world: JtlWorld, sync: Sync, seen_at: datetime) -> Tree:
    """WorkerSyncStatus at `seen_at`, the world's own present."""
    phase, down = sync.phase, not world.process_running
    share = _share(sync, seen_at)
    status_at = (world.process_since if down else None) or phase.since
    if phase.state == RUNNING and not down:
        status_at = max(phase.since, seen_at.replace(microsecond=0))
    return {
        "Identifier": sync.id,
        "State": SUSPENDED if down else phase.state,
        "ProgressText": "" if down else phase.text or _counting(sync, share),
        "Progress": -1.0 if down else _progress(sync, share),
        "LastSync": moment(status_at) if sync.ran else NEVER,
        "NextSync": moment(status_at + timedelta(seconds=sync.interval)) if sync.ran else NEVER,
    }


def _share(sync: Sync, seen_at: datetime) -> float:
    phase = sync.phase
    if phase.state != RUNNING or phase.until is None:
        return 0.0
    return min(1.0, max(0.0, (seen_at - phase.since) / (phase.until - phase.since)))


def _counting(sync: Sync, share: float) -> str:
    if sync.phase.state != RUNNING:
        return ""
    return f"{sync.kind.noun} {round(sync.phase.total * share)} of {sync.phase.total}"


def _progress(sync: Sync, share: float) -> float:
    """The REST routes report -1 (§7 no. 11), but a v1.1 sample shows a figure.

    So most syncs keep to -1, and the few that report progress give one while they run.
    """
    if sync.phase.progress is not None:
        return sync.phase.progress
    return round(share * 100, 1) if sync.reports_progress and sync.phase.state == RUNNING else -1.0


def extension(row: ExtensionRow) -> Tree:
    return {
        "Id": row.id,
        "ExtensionId": row.extension_id,
        "Version": row.version,
        "Created": moment(row.created),
        "LastChanged": moment(row.changed),
        "ManifestHash": row.manifest_hash,
        "Status": row.status,
    }


def page(items: Sequence[Any], number: int, size: int) -> Tree:
    """The paged envelope around one page of `items`; the first page is 1."""
    pages = -(-len(items) // size)
    return {
        "TotalItems": len(items),
        "PageNumber": number,
        "PageSize": size,
        "Items": [extension(row) for row in items[(number - 1) * size : number * size]],
        "TotalPages": pages,
        "HasPreviousPage": number > 1,
        "HasNextPage": number < pages,
        "NextPageNumber": number + 1 if number < pages else None,
        "PreviousPageNumber": number - 1 if number > 1 else None,
    }
