"""A form: fields in, one reviewed proposal out. No typed text is lost by an error or a refusal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.widgets import Input, Switch

from tui.domain.baseline import Baseline, drift, name_in, recordable, value_word
from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.domain.text import counted
from tui.domain.three_way_merge import Merged, merge
from tui.ops.drafts.draft import Draft, DraftKey, DraftText
from tui.ops.execution.outcome import Conflict, Outcome
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.target import TargetRow
from tui.session.session import Session
from tui.store.snapshot import Snapshot
from tui.ui.host import app_of
from tui.ui.modals.dialog import Dialog
from tui.ui.modals.draft import DraftChoice, DraftDialog
from tui.ui.modals.review.conflict import (
    Choice,
    Compared,
    ConflictDialog,
    Current,
    MergedWith,
    read_again,
)
from tui.ui.modals.review.review import LeftRunning, ReviewDialog
from tui.ui.widgets.form_fields import Field
from tui.ui.widgets.secret_input import OptionInput
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tui.ops.drafts.autosave import DraftKeeper
    from tui.ui.host import ScreenHost


class FormDialog(Dialog[Outcome | None]):
    """Base of the forms; the result is the outcome of the write, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f2", "review", "review", key_display="F2 ^s", priority=True),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
    ]

    def __init__(
        self, title: str, session: Session, target: str = "", draft_key: DraftKey | None = None
    ) -> None:
        """`target`: the name of what the form is about; without a key no draft is kept."""
        super().__init__(title)
        self.session, self.target = session, target or title
        self._draft_key = draft_key
        self._keeps = True
        """Whether what is typed replaces the draft: not while an older one is being shown."""
        self._complaint = ""
        """The last message that the next edit may make obsolete."""

    def fields(self) -> Sequence[Field]:
        """The fields, made new, in tab order."""
        return ()

    def proposal(self) -> Proposal | Refusal:
        """What the form proposes, or why it proposes nothing."""
        return Refusal("nothing to propose")

    def in_words(self, field: Field) -> str:
        """A field's text as the baseline words it."""
        return value_word(field.text.strip())

    def sends(self, field: Field) -> bool:
        """Whether a field's value would be sent."""
        return field.changed

    def baseline(self) -> Baseline:
        """The target as it was opened; empty where the form creates something."""
        return ()

    @property
    def known_at(self) -> datetime | None:
        """When the target as it was opened was read."""
        return None

    def adopt(self, target: TargetRow, rests_on: Snapshot[object]) -> bool:
        """Use the current target as the one that was opened; False: there is none."""
        return False

    def compose_body(self) -> ComposeResult:
        yield from self.fields()

    def on_mount(self) -> None:
        """Start on the first field; a draft is offered before anything can be typed."""
        self.all_fields[0].focus_control()
        self._offer_draft()

    def conceal(self) -> None:
        for one in self.query(OptionInput):
            one.conceal()

    def on_screen_suspend(self) -> None:
        """The form still shows below the review."""
        self.conceal()

    @property
    def all_fields(self) -> list[Field]:
        """The fields that were made, in tab order, without a search: each key asks many times."""
        body = self.query_one_optional("#body")
        return [] if body is None else [one for one in body.children if isinstance(one, Field)]

    @property
    def _by_name(self) -> dict[str, Field]:
        return {field.name or "": field for field in self.all_fields}

    def is_right(self) -> bool:
        """Check every field, and show at each what is wrong with it."""
        wrong = [(field, text) for field in self.all_fields if (text := field.wrong())]
        for field in self.all_fields:
            field.show_error(next((text for other, text in wrong if other is field), ""))
        if wrong:
            wrong[0][0].focus_control()
            count = counted(len(wrong), "field")
            self.complain(f"{count} invalid. Fix the marked fields to continue")
        return not wrong

    def complain(self, text: str, tone: str = "error") -> None:
        self._complaint = text
        super().complain(text, tone)

    def action_review(self) -> None:
        if not self.is_right():
            return
        proposal = self.proposal()
        if isinstance(proposal, Refusal):
            self.complain(proposal.sentence, "warning")
            return
        self.trouble("")
        self.app.push_screen(
            ReviewDialog(self.session, proposal, of_form=True, draft=self._draft_key), self._reviewed
        )

    def _reviewed(self, outcome: Outcome | LeftRunning | None) -> None:
        """Close on success, or with a request under way; put a refusal on the fields it names."""
        if outcome is None:
            return
        if isinstance(outcome, LeftRunning):
            self.dismiss(None)
            return
        if outcome.kind.is_success or isinstance(outcome.result, PluginAnswer):
            self.dismiss(outcome)
            return
        if outcome.conflict is not None:
            self._meet(outcome.conflict, outcome)
            return
        self.complain(". ".join(text for text in (outcome.text, outcome.next_step) if text))
        named: Mapping[str, tuple[str, ...]] = getattr(outcome.error, "fields", {})
        for server_name, messages in named.items():
            field = self.field_for(server_name)
            if field is not None:
                field.show_error("; ".join(messages))
                field.focus_control()

    def field_for(self, server_name: str) -> Field | None:
        """The field that a server's error names; by name, whatever its case."""
        wanted = server_name.lower()
        return next((f for name, f in self._by_name.items() if name.lower() in wanted), None)

    def _meet(self, found: Conflict, outcome: Outcome) -> None:
        """Show three versions, and let the operator choose how to continue."""
        if found.row is None:
            self.trouble("nothing was sent: it is no longer in the server's list")
            return
        note = f"{outcome.sentence}." if outcome.error else "Nothing was sent."
        current = Current(found.now, outcome.at, found.row)
        self._compare(partial(merge, found.opened, yours=self._yours()), current, note, self._compared)

    def _compare(self, merged_with: MergedWith, current: Current, note: str, then: Compared) -> None:
        dialog = ConflictDialog(self.session, self.target, merged_with, current, self._read_again, note)
        self.app.push_screen(dialog, partial(then, dialog))

    async def _read_again(self) -> Current | Refusal:
        """The target as it is now; what cannot be sent yet is compared in its review."""
        opened = Current(self.baseline(), self.known_at)
        proposal = None if any(field.wrong() for field in self.all_fields) else self.proposal()
        return (
            await read_again(self.session, proposal, opened)
            if isinstance(proposal, Proposal)
            else opened
        )

    def _yours(self) -> dict[str, str]:
        """What would be sent, by key, as the baseline words it."""
        return {field.key: self.in_words(field) for field in self.all_fields if self.sends(field)}

    async def _compared(self, dialog: ConflictDialog, choice: Choice | None) -> None:
        if choice is Choice.LEAVE:
            self.leave()
        elif choice is Choice.CONTINUE:
            await self._take_over(dialog.current)

    async def _take_over(self, current: Current) -> None:
        if current.row is not None and current.at is not None:
            await self._continue_on(current.row, current.at)

    async def _continue_on(self, target: TargetRow, at: datetime) -> None:
        """Rebuild the form on the current values, with the texts of the touched fields."""
        touched = {field.key: (field.label, field.text) for field in self.all_fields if field.changed}
        old = name_in(self.baseline())
        if not self.adopt(target, Snapshot((target,), at)):
            self.trouble("it cannot continue from here: close it and open it again", "warning")
            return
        new = name_in(self.baseline())
        if old and new and old != new:
            self.target = self.target.replace(old, new)
            self.rename(self.heading.replace(old, new))
        fields = self.fields()
        missing = touched.keys() - {field.key for field in fields}
        for field in fields:
            if field.key in touched:
                field.take(touched[field.key][1])
        body = self.query_one("#body")
        await body.remove_children()
        await body.mount(*fields)
        fields[0].focus_control()
        lost = (
            f"these fields no longer exist: {', '.join(touched[key][0] for key in missing)}. "
            if missing
            else ""
        )
        read = self.session.age_since(at)
        self.trouble(f"{lost}based on the server's values, read {read}; F2 to review", "ok")

    def _offer_draft(self) -> None:
        drafts, key = self.session.drafts, self._draft_key
        draft = drafts.find(key) if drafts is not None and key is not None else None
        if draft is not None:
            self._keeps = False
            self.add_class("-offering")
            dialog = DraftDialog(self.heading, draft, self.session.age_since(draft.at))
            self.app.push_screen(dialog, partial(self._draft_seen, draft))

    def _draft_seen(self, draft: Draft, choice: DraftChoice | None) -> None:
        if choice is None:
            self.dismiss(None)
            return
        self.remove_class("-offering")
        # Hidden, its lines had no height; they have it after the next refresh.
        self.call_after_refresh(self.call_after_refresh, self._fit_body)
        self.all_fields[0].focus_control()
        if choice is DraftChoice.DISCARD:
            self._keeps = True
            if self.session.drafts is not None:
                self.session.drafts.drop(draft.key)
            return
        known = {field.key: field for field in self.all_fields}
        for one in draft.texts:
            if one.key in known:
                known[one.key].take(one.text)
        missing = [one.label for one in draft.texts if one.key not in known]
        self.trouble(f"these fields no longer exist: {', '.join(missing)}" if missing else "", "warning")
        self._go_on_from(draft)

    def _go_on_from(self, draft: Draft) -> None:
        """At once if the target is unchanged; else by way of the three versions."""
        now = recordable(self.baseline())
        if not drift(draft.baseline, now):
            self._keeps = True
            return
        note = "It was changed elsewhere since the draft was written."
        yours = self._yours()
        current = Current(self.baseline(), self.known_at)

        def merged_with(values: Baseline) -> Sequence[Merged]:
            return merge(draft.baseline, recordable(values), yours)

        self._compare(merged_with, current, note, self._draft_compared)

    async def _draft_compared(self, dialog: ConflictDialog, choice: Choice | None) -> None:
        if choice is Choice.CONTINUE:
            await self._take_over(dialog.current)
            self._keeps = True
            self._keep()
        else:
            self.dismiss(None)

    def _keep(self) -> None:
        """Update the draft with what is typed."""
        drafts, key = self.session.drafts, self._draft_key
        if drafts is None or key is None or not self._keeps:
            return
        draft = self._draft(key)
        if draft.texts:
            drafts.typed(draft)
        else:
            drafts.drop(key)

    def _draft(self, key: DraftKey) -> Draft:
        changed = [field for field in self.all_fields if field.changed]
        secret = tuple(field.label for field in changed if field.is_secret)
        kept = (field for field in changed if not field.is_secret)
        texts = tuple(DraftText(field.key, field.label, field.text) for field in kept)
        return Draft(key, self.target, texts, self.session.clock(), recordable(self.baseline()), secret)

    @on(Input.Submitted)
    def _next_field(self) -> None:
        self.app.action_focus_next()

    def unsent(self) -> str:
        changed = ", ".join(field.label for field in self.all_fields if field.changed)
        return f"not sent: {changed}" if changed else ""

    @on(Input.Changed)
    @on(Switch.Changed)
    def _edited(self, event: Input.Changed | Switch.Changed) -> None:
        self.touched(event.control)

    def touched(self, control: DOMNode) -> None:
        """Something was typed or chosen in `control`."""
        self.asked_to_leave = False
        self._keep()
        for field in control.ancestors:
            if isinstance(field, Field):
                self.edited(field)

    def edited(self, field: Field) -> None:
        """An error about the old value is no longer shown."""
        field.show_error("")
        if self._complaint and self._complaint == self.query_one("#trouble", TextLine).shown:
            self.trouble("")
        self._complaint = ""

    def action_leave(self) -> None:
        """Leave: the draft is kept; where none can be, once with a question."""
        has_draft = self._draft_key is not None and self.session.drafts is not None
        secret = [field.label for field in self.all_fields if field.changed and field.is_secret]
        if not self.unsent() or (has_draft and not secret):
            self.leave()
            return
        lost = self.unsent()
        if secret and self._draft_key is not None:
            lost = f"not saved in the draft because it may be a secret: {', '.join(secret)}"
        self.leave_or_ask(self.leave, f"{lost}. esc or F10 again discards it, F2 reviews it")

    def leave(self) -> None:
        """Close without a result; show where the draft is."""
        drafts, key = self.session.drafts, self._draft_key
        draft = self._draft(key) if key is not None and self._keeps else None
        if drafts is not None and key is not None and draft is not None and draft.texts:
            on_disk = drafts.left(draft)
            tell = partial(self._tell_kept, app_of(self).tab_screen, drafts, key)
            message = tell("")
            # Whether the disk accepted it is not known yet.
            on_disk.add_done_callback(lambda _: tell(message))
        self.dismiss(None)

    def _tell_kept(
        self, screen: "ScreenHost | None", drafts: "DraftKeeper", key: DraftKey, before: str
    ) -> str:
        """Show where the draft is, unless that was shown as `before`; returns the message."""
        again = f"{OPERATIONS[key.operation].key} opens it again"
        lasts = "" if drafts.lasts else " until you quit"
        why = f" · {drafts.trouble}" if drafts.trouble else ""
        message = f"draft saved{lasts}: {self.heading}; {again}{why}"
        if screen is not None and screen.is_mounted and message != before:
            screen.notice(message, "warning" if why else "ok")
        return message
