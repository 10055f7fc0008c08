"""Changes the interval and the options of a sync."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from tui.api.service import MASK, ErpService, RequestPreview
from tui.domain.baseline import of_sync, option_name, option_shown, option_value, value_word
from tui.domain.intervals import Interval, short, timespan
from tui.domain.jtl.worker_options import is_bool, is_secret
from tui.domain.jtl.workers import Worker, WorkerOption, WorkerSync, same_kind
from tui.domain.redaction import MASKED, masked
from tui.domain.writes import ConfigureWorker, FieldChange
from tui.ops.audit.json_values import Sent, given, text, texts
from tui.ops.execution.verification import NOT_APPLIED, UNKNOWN, Judgement
from tui.ops.operations.base import OperationKind
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import NOTHING_CHANGED, Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.from_server import Reread
from tui.ops.targets.from_store import Present, found
from tui.ops.targets.target import TargetRow
from tui.ops.text_commands import parameter_values as values
from tui.ops.text_commands.parameter_values import Wrong
from tui.ops.text_commands.request import Reading, Request
from tui.ops.text_commands.setting import ANY_OPTION, Setting
from tui.ops.undo.applied_change import NOT_KNOWN, AppliedChange, present, with_notes
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

_ROUNDING = 60.0
"""Seconds; a smaller difference may be rounding by the server."""

_DIALECT = "api_version_header in the profile"
_INTERVAL_NOTE = "applies from the next run; does not shorten a pause already running"


class ConfigureWorkerKind(OperationKind[ConfigureWorker, WorkerSync]):
    operations = (OPERATIONS["worker.configure"],)
    commands = (ConfigureWorker,)
    row = WorkerSync
    topics = (Topic.STATUS, Topic.WORKERS)
    settings = (
        Setting("interval", "The pause between two runs.", "interval=10m"),
        Setting(ANY_OPTION, "An option of the sync, by name or identifier.", '"Stock reserve"=7'),
    )

    async def send(self, service: ErpService, write: ConfigureWorker) -> object:
        return await service.jtl.configure_worker(write)

    def masked(self, write: ConfigureWorker, preview: RequestPreview) -> RequestPreview:
        secret = {key: value for key, value in write.options if key in write.secret}
        return replace(preview, body=_masked(preview.body, secret)) if secret else preview

    def why_ignored(
        self, write: ConfigureWorker, missing: Collection[str], preview: RequestPreview, result: object
    ) -> str:
        """Where every option was ignored: the name of the options depends on the version."""
        options = dict(write.options).keys()
        response = result.raw if isinstance(result, WorkerSync) else {}
        return _dialect_hint(preview, response) if options and options <= set(missing) else ""

    def to_json(self, write: ConfigureWorker) -> Sent:
        kept = {key: masked(value) if key in write.secret else value for key, value in write.options}
        return given(interval=write.interval, options=kept or None)

    def from_json(self, operation_id: str, target: str, sent: Sent) -> ConfigureWorker | None:
        write = self.in_undo(operation_id, target, sent)
        return None if write.secret else write

    def in_undo(self, operation_id: str, target: str, sent: Sent) -> ConfigureWorker:
        options = texts(sent.get("options", {}))
        interval = text(sent["interval"]) if "interval" in sent else None
        secret = tuple(key for key, value in options.items() if value == MASKED)
        return ConfigureWorker(target, interval, tuple(options.items()), secret)

    def wanted(self, write: ConfigureWorker) -> Mapping[str, str]:
        interval = {} if write.interval is None else {"Interval": Interval.read(write.interval).shown}
        return {**interval, **{key: value_word(value) for key, value in write.options}}

    def in_store(self, write: ConfigureWorker, store: Store) -> Present | None:
        return found(store.snapshot(Topic.WORKERS), write.sync_id)

    async def on_server(self, write: ConfigureWorker, server: Reread, since: float) -> WorkerSync | None:
        return await server.sync(write.sync_id, since)

    def verify(
        self, write: ConfigureWorker, row: TargetRow | None, before: Mapping[str, str]
    ) -> Judgement:
        """An interval that the server rounds may stay unchanged: so close a value proves nothing."""
        result, words = super().verify(write, row, before)
        if result == NOT_APPLIED and isinstance(row, WorkerSync) and _is_near(write.interval, row):
            return UNKNOWN, f"{words} as before, but the server may have rounded it"
        return result, words

    def rebased(self, proposal: Proposal, write: ConfigureWorker, row: WorkerSync) -> Planned:
        known = {option.id for option in row.options}
        missing = [key for key, _ in write.options if key not in known]
        if missing:
            names = {facet.key: facet.label for facet in proposal.baseline}
            return Refusal(
                f"no longer options of this sync: {', '.join(names.get(key, key) for key in missing)}"
            )
        seconds = None if write.interval is None else Interval.read(write.interval).seconds
        options = dict(write.options)
        return configure(row, seconds, options, proposal.rests_on, sharing=proposal.sharing)

    def values(self, write: ConfigureWorker, row: object) -> Sent:
        """The changed ones; the interval in the server's text."""
        if not isinstance(row, WorkerSync):
            return {}
        changed = dict(write.options).keys() - set(write.secret)
        known = (one for one in row.options if one.id in changed and not one.altered)
        options = {one.id: one.value for one in known if one.value is not None}
        interval = None if write.interval is None else row.interval.raw
        return given(interval=interval, options=options or None)

    def invert(self, change: AppliedChange, write: ConfigureWorker, store: Store) -> Planned:
        if change.was is None:
            return NOT_KNOWN
        snapshot = store.snapshot(Topic.WORKERS)
        now = present(change, snapshot, write.sync_id)
        if isinstance(now, Refusal):
            return now
        lost: list[str] = []
        seconds = now.interval.seconds
        if write.interval is not None:
            seconds = _interval(change.was).seconds
            lost.extend(["Interval"] if seconds is None else [])
        options = dict(_old_options(write, change.was, now, lost))
        sharing = same_kind(now, snapshot.data or ()) if options else ()
        back = configure(now, seconds, options, snapshot, sharing=sharing)
        names = {option.id: option_name(option) for option in now.options}
        secret = [names.get(key, key) for key in write.secret]
        return with_notes(back, lost, _config_drift(change, write, now), secret)

    def propose(self, request: Request) -> Planned:
        worker = request.target_as(Worker)
        if worker.sync is None:
            raise TypeError(f"{request.operation.id} needs the sync's configuration")
        sync = worker.sync
        texts, reading = request.texts, Reading()
        if not texts:
            names = ", ".join(setting.name for setting in request.offered)
            raise Wrong(f"no setting: write interval=10m, or an option. Available: {names}")
        seconds = None
        if "interval" in texts:
            seconds = reading.take(lambda: values.interval(texts["interval"]))
        changed = {
            option.id: reading.take(
                partial(values.option, option, texts[f"option {option.id}"], request.sources)
            )
            or ""
            for option in sync.options
            if f"option {option.id}" in texts
        }
        reading.end()
        sharing = same_kind(sync, request.store.snapshot(Topic.WORKERS).data or ())
        return configure(sync, seconds, changed, request.rests_on, sharing=sharing)


def _masked(body: str, secret: Mapping[str, str]) -> str:
    """The body without the values of `secret`, by option."""

    def hidden(tree: object) -> object:
        if isinstance(tree, list):
            return [hidden(item) for item in tree]
        if not isinstance(tree, dict):
            return tree
        values = [secret[value] for value in tree.values() if isinstance(value, str) and value in secret]
        return {name: MASK if item in values else hidden(item) for name, item in tree.items()}

    return json.dumps(hidden(json.loads(body)), ensure_ascii=False, indent=2)


def _dialect_hint(preview: RequestPreview, response: Mapping[str, object]) -> str:
    """The setting to change if every option was ignored; `response`: the row as received.

    Their key differs by version, and .NET ignores unknown keys (jtl PROTOCOL §1: `Configs`, `configs`,
    `configurations`).
    """
    try:
        sent = json.loads(preview.body)
    except ValueError:
        return ""
    if "configurations" in sent:
        return f'If this server has version 2.0, it calls options "configs": set {_DIALECT} to "2.0"'
    if "configs" in sent:
        return (
            'If this server has version 2.1 or later, it calls options "configurations":'
            f' set {_DIALECT} to "2.1"'
        )
    path = preview.url.partition("?")[0]
    if "/v1/" not in path:
        return f"Set {_DIALECT} to the server's version: the name of the options depends on it"
    does = "responds" if "configurations" in response else "may read options"
    return (
        f'The server {does} like version 2: set api_version to "v2", and {_DIALECT} to "2.0"'
        " if it is 2.0"
    )


def _is_near(wanted: str | None, sync: WorkerSync) -> bool:
    seconds, now = None if wanted is None else Interval.read(wanted).seconds, sync.interval.seconds
    return seconds is not None and now is not None and abs(seconds - now) < _ROUNDING


def configure(
    sync: WorkerSync,
    interval: float | None,
    options: Mapping[str, str],
    rests_on: Snapshot[object] | None = None,
    *,
    sharing: Sequence[str] = (),
) -> Planned:
    """Change a sync's interval (seconds) and options (by identifier); unchanged values are not sent.

    `sharing`: names of the other syncs of its kind; their options change too.
    """
    seconds = None if interval == sync.interval.seconds else interval
    known = {option.id: option for option in sync.options}
    changed = [(known[key], value) for key, value in options.items() if _differs(known[key], value)]
    if seconds is None and not changed:
        return NOTHING_CHANGED
    write = ConfigureWorker(
        sync.id,
        None if seconds is None else timespan(seconds),
        tuple((option.id, value) for option, value in changed),
        tuple(option.id for option, _ in changed if is_secret(option)),
    )
    return Proposal(
        OPERATIONS["worker.configure"],
        write,
        Worker(sync.id, sync, None).name,
        changes=tuple(_configured(sync, seconds, changed, sharing)),
        rests_on=rests_on,
        baseline=of_sync(sync),
        sharing=tuple(sharing),
    )


def _differs(option: WorkerOption, value: str) -> bool:
    now, wanted = (option.value or "").strip(), value.strip()
    return wanted.lower() != now.lower() if is_bool(option) else wanted != now


def _configured(
    sync: WorkerSync,
    seconds: float | None,
    changed: Sequence[tuple[WorkerOption, str]],
    sharing: Sequence[str],
) -> Iterator[FieldChange]:
    if seconds is not None:
        yield FieldChange("Interval", sync.interval.shown, short(seconds), _INTERVAL_NOTE)
    others = f": also {', '.join(sharing)}" if sharing else ""
    note = f"shared by all {sync.kind or 'such'} syncs{others}"
    for option, value in changed:
        before, after = option_value(option), value or "empty"
        before, after = option_shown(option, before), option_shown(option, after)
        yield FieldChange(option_name(option), before, after, note)


def _interval(values: Sent) -> Interval:
    return Interval.read(text(values["interval"])) if "interval" in values else Interval()


def _old_options(
    write: ConfigureWorker, was: Sent, now: WorkerSync, lost: list[str]
) -> Iterator[tuple[str, str]]:
    """The old values of changed options; names of options that cannot be restored go to `lost`."""
    old = texts(was.get("options", {}))
    names = {option.id: option_name(option) for option in now.options}
    for key, _ in write.options:
        if key in old and key in names:
            yield key, old[key]
        elif key not in write.secret:
            lost.append(names.get(key, key))


def _config_drift(change: AppliedChange, write: ConfigureWorker, now: WorkerSync) -> Iterator[str]:
    """A sentence for each value that changed since; a secret is not compared."""
    if write.interval is not None:
        interval = _interval(change.left) if change.left else Interval.read(write.interval)
        if now.interval.seconds != interval.seconds:
            yield f"Interval is {now.interval.shown}, not {interval.shown}"
    values = {**dict(write.options), **texts(change.left.get("options", {}))}
    for option in now.options:
        if option.id in values and option.id not in write.secret and option.value != values[option.id]:
            asked = option_shown(option, value_word(values[option.id]))
            found = option_shown(option, value_word(option.value))
            yield f"{option_name(option)} is {found}, not {asked}"
