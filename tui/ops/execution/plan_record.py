"""Records the plan of a bulk in the audit trail before its first write, for the console and for `run`.

Invariants: where the plan cannot be recorded, nothing is sent; no secret enters it.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from tui.domain.profile import ProfileFacts
from tui.domain.redaction import looks_secret
from tui.domain.text import brief
from tui.domain.writes import target_of
from tui.ops.audit.file_trail import AuditTrail
from tui.ops.audit.plan import HELD, OVER, RECALLED, UNSENT
from tui.ops.proposals.proposal import Proposal
from tui.ops.text_commands.setting import Given
from tui.ops.text_commands.value_sources import is_written_out
from tui.paths import reason_of

_LONGEST_NAME = 80
"""Characters of a display name."""
_MOST_NAMES = 20_000
"""Of more targets no names are read back: a line of the trail is limited."""
_LONGEST_VALUE = 500
OVERTAKEN = "this rest was sent or dropped elsewhere since: nothing is left to do here"


class PlanRecord:
    def __init__(
        self,
        trail: AuditTrail,
        facts: ProfileFacts,
        proposals: Sequence[Proposal],
        settings: Given,
        clock: Callable[[], datetime],
        *,
        secret: Collection[str] = (),
        resumes: str = "",
        rest_files: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """`secret`: names of settings whose values may be secrets. `resumes`: id of the plan whose rest
        it is. `rest_files`: where a resync keeps its unsent keys, asked for once that is written."""
        self._trail, self._facts, self._proposals = trail, facts, proposals
        self._settings, self._clock = settings, clock
        self._secret = frozenset(name.casefold() for name in secret)
        self._resumes, self._rest_files = resumes, rest_files
        self._recording: asyncio.Future[str] | None = None
        self._id = ""
        self.is_overtaken = False
        """Whether its rest was sent or dropped in another way since."""

    async def take_up(self) -> str:
        """Before the file of a rest is written: record that this one has it; why it has not, or empty.
        Empty for all but a rest."""
        return await self.begin() if self._resumes else ""

    async def begin(self) -> str:
        """Record it, once; why nothing may be sent, or empty."""
        if self._recording is None:
            self._recording = asyncio.ensure_future(self._record())
        return await asyncio.shield(self._recording)

    def of(self, proposal: Proposal) -> Proposal:
        """The proposal, bound to its plan."""
        return replace(proposal, plan=self._id)

    @property
    def open_id(self) -> str:
        """The plan under which its rest is recorded: where it could not be, that of the one before.
        Empty: nothing is left of it."""
        return self._id or self._resumes

    async def end(self, *, is_cut_short: bool, keys_left: int = 0) -> None:
        """Nothing more is sent now. `is_cut_short`: some targets never had their turn; `keys_left`: keys
        in the files of a resync. Both are offered again."""
        result = UNSENT if is_cut_short or keys_left else OVER
        if self._id:
            with suppress(OSError):
                await self._trail.end_plan(self._id, self._clock(), result, keys_left or None)
            if result == OVER:
                self._id = self._resumes = ""

    async def _record(self) -> str:
        if self._resumes and not await _is_open(self._trail, self._resumes, self._clock()):
            self.is_overtaken = True
            return OVERTAKEN
        operation = self._proposals[0].operation
        system, address = self._facts.place_of(operation.scope.system)
        kept = [one for one in self._settings if self._may_be_kept(*one)]
        planned = {
            "profile": self._facts.name,
            "environment": self._facts.environment.value,
            "operation": operation.id,
            "targets": [target_of(one.write) for one in self._proposals],
            "target_names": [brief(one.target, _LONGEST_NAME) for one in self._proposals[:_MOST_NAMES]],
            "settings": [f"{name}={text}" for name, text in kept],
            "withheld": [name for name, text in self._settings if (name, text) not in kept],
            "system": system,
            "address": address,
            "rest_files": list(self._rest_files()),
            "resumes": self._resumes,
            "undoes": any(one.undoes for one in self._proposals),
        }
        try:
            self._id = await self._trail.plan(self._clock(), planned)
        except OSError as failure:
            return f"the audit trail cannot be written ({reason_of(failure)})"
        if self._resumes and not await _is_open(self._trail, self._id, self._clock()):
            # Another one has recorded the same rest in the same moment, and before this.
            self.is_overtaken = True
            with suppress(OSError):
                await self._trail.end_plan(self._id, self._clock(), OVER, None)
            self._id = ""
            return OVERTAKEN
        return ""

    def _may_be_kept(self, name: str, text: str) -> bool:
        """A reference to a file may lead elsewhere next time."""
        is_secret = looks_secret(name) or name.casefold() in self._secret
        return is_written_out(text) and not is_secret and len(text) <= _LONGEST_VALUE


async def _is_open(trail: AuditTrail, id: str, now: datetime) -> bool:
    """Whether the rest of a plan is still to be sent; one that cannot be read ends at its recording."""
    try:
        return any(one.id == id for one in (await trail.newest(HELD, now - RECALLED)).plans)
    except OSError:
        return True
