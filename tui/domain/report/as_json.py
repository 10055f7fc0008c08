"""A report or a hand-over as one JSON document; the keys are a contract, times are UTC. Pure."""

import json
from collections.abc import Mapping
from datetime import UTC

from tui.domain.report.document import Foreign, Times
from tui.domain.report.facts import (
    Deed,
    HandoverFacts,
    Impact,
    Open,
    ReportFacts,
    Row,
    RunAfter,
    StateNow,
    Target,
)
from tui.domain.report.sentence import sentence
from tui.domain.timestamps import iso, stamp

SCHEMA = 1
Tree = Mapping[str, object]


def report_json(facts: ReportFacts) -> str:
    more: Tree = {"causes": [], "actions": []} if facts.is_postmortem else {}
    return _text({"schema": SCHEMA, "kind": "report", **_report(facts), **more})


def handover_json(facts: HandoverFacts) -> str:
    left = {
        "maintenance": [_open(one) for one in facts.maintenance],
        "unresolved": [_deed(one) for one in facts.report.doubtful],
        "unsent": [_open(one) for one in facts.unsent],
        "drafts": [_open(one) for one in facts.drafts],
        "troubles": list(facts.troubles),
    }
    return _text({"schema": SCHEMA, "kind": "handover", **_report(facts.report), **left})


def _text(tree: Tree) -> str:
    return json.dumps(tree, indent=2, allow_nan=False) + "\n"


def _report(facts: ReportFacts) -> Tree:
    head, now = facts.head, facts.now
    line = sentence(facts, Times(UTC, head.since, head.until))
    return {
        "profile": head.profile,
        "environment": head.environment or None,
        "since": iso(head.since),
        "until": iso(head.until),
        "written_at": iso(head.written_at),
        "author": head.author or None,
        "version": head.version,
        "anonymous": head.is_anonymous,
        "about": list(head.about),
        "complete": int(head.complete * 100) / 100,
        "gaps": [
            {"from": iso(gap.start), "to": iso(gap.end), "reason": gap.reason} for gap in head.gaps
        ],
        "sentence": "".join(one.text if isinstance(one, Foreign) else one for one in line),
        "impact": [_impact(one) for one in facts.impact],
        "earlier": [_row(row) for row in facts.earlier],
        "timeline": [_row(row) for row in facts.rows],
        "done": [_deed(one) for one in facts.deeds],
        "now": {
            "last_seen": stamp(now.last_seen),
            "attention": [_state(one) for one in now.troubled],
            "recovered": [_state(one) for one in now.recovered],
            "changed": [_state(one) for one in now.changed],
            "planned": [_state(one) for one in now.planned],
            "well": now.well,
        },
        "unknown": list(facts.unknown),
        "doubtful": [one.id for one in facts.doubtful],
    }


def _target(target: Target) -> Tree:
    return {"kind": target.kind.value, "id": target.id, "name": target.name}


def _impact(one: Impact) -> Tree:
    return {
        **_target(one.target),
        "state": one.state,
        "level": one.level.name.lower(),
        "text": one.text or None,
        "from": iso(one.start),
        "from_is_known": one.start_is_known,
        "to": stamp(one.end),
        "ended_as": one.ended_as or None,
        "times": one.spells,
        "seconds": round(one.bad_s),
        "unseen_seconds": round(one.unseen_s),
        "runs": one.runs,
        "failed_runs": one.failed,
        "later_end": stamp(one.later_end),
        "later_ended_as": one.later_state or None,
    }


def _row(row: Row) -> Tree:
    return {
        "at": iso(row.at),
        "kind": str(row.kind),
        "targets": [_target(one) for one in row.targets],
        "what": row.what or None,
        "text": row.message or None,
        "level": row.level.name.lower() if row.level is not None else None,
        "repeats": row.repeats,
        "by": row.by or None,
        "ref": row.ref or None,
        "to": stamp(row.until),
        "struck_by": row.struck_by or None,
    }


def _deed(deed: Deed) -> Tree:
    return {
        "at": iso(deed.at),
        "by": deed.user or None,
        "operation": deed.title,
        "target": deed.target or None,
        "changes": [
            {"field": one.field, "before": one.before, "after": one.after} for one in deed.changes
        ],
        "result": deed.result or None,
        "text": deed.remark or None,
        "audit_id": deed.id or None,
        "run": _run(deed.run) if deed.run is not None else None,
        "undoes_at": stamp(deed.undoes_at),
        "is_redo": deed.is_redo,
        "undone_at": stamp(deed.undone_at),
        "undone_by": deed.undone_by or None,
        "settled": deed.settled or None,
    }


def _run(run: RunAfter) -> Tree:
    return {
        "ended_at": stamp(run.at),
        "text": run.words or None,
        "good": run.is_good if run.at else None,
    }


def _state(one: StateNow) -> Tree:
    return {
        **_target(one.target),
        "state": one.state,
        "level": one.level.name.lower(),
        "text": one.text or None,
        "since": stamp(one.since),
        "since_is_known": one.since_is_known,
        "seen": one.is_seen,
        "before_gap_since": stamp(one.before_gap),
        "then": _deed(one.then) if one.then is not None else None,
        "then_seen": one.then_seen or None,
    }


def _open(one: Open) -> Tree:
    return {
        "title": one.title or None,
        "target": one.target or None,
        "at": iso(one.at),
        "until": stamp(one.until),
        "by": one.user or None,
        "text": one.text or None,
        "reason": one.foreign or None,
        "command": one.command or None,
    }
