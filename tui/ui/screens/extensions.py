"""Extensions: the JTL-Wawi extensions, pending ones first."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType

from tui.domain.extensions import Extension
from tui.ops import bulk_plan, plans
from tui.ops.bulk_plan import BulkPlan
from tui.ops.guard import Outcome
from tui.ops.proposal import Proposal
from tui.ops.unfit import unfit
from tui.store.snapshot import Topic
from tui.ui.forms.extension import CreateExtensionForm, UpdateExtensionForm
from tui.ui.forms.manifest import PushManifestForm
from tui.ui.keys import MARKS, list_bindings
from tui.ui.modals.details import Details
from tui.ui.modals.review import ReviewDialog
from tui.ui.screens import extension_rows
from tui.ui.screens.listed import Listed
from tui.ui.screens.marked import Marked, MarkedListScreen
from tui.ui.widgets.columns import EXTENSIONS, Column


class ExtensionsScreen(MarkedListScreen[Extension], inherit_bindings=False):
    """The list of extensions."""

    BINDINGS: ClassVar[list[BindingType]] = list_bindings(
        "extension.update",
        "extension.create",
        "extension.toggle",
        "extension.push-manifest",
        "extension.delete",
        *MARKS,
    )
    TAB = "Extensions"
    TOPICS = (Topic.EXTENSIONS,)
    COLUMNS: ClassVar[Sequence[Column]] = EXTENSIONS
    NOUN = ("extension", "extensions")
    EMPTY = "No extensions are registered."
    OTHER_NAMES: ClassVar[Mapping[str, str]] = {"health": "health", "state": "status"}
    AGES: ClassVar[Mapping[str, str]] = {"age": "age", "changed": "changed", "created": "created"}
    WITH_MARKS = frozenset({"extension.create", "extension.toggle"})

    def things(self) -> Sequence[Extension] | None:
        """What the server listed so far."""
        core = self.desk.core
        return None if core is None else core.store.snapshot(Topic.EXTENSIONS).data

    def key_of(self, thing: Extension) -> str:
        """The uuid."""
        return thing.id

    def lister(self, now: datetime) -> Callable[[Extension], Listed]:
        """How an extension's row is made."""
        return lambda extension: extension_rows.listed(extension, now)

    def details(self, thing: Extension, now: datetime) -> Details:
        """Everything known of it."""
        return Details(extension_rows.facts(thing, now), thing.raw)

    def absolute(self, thing: Extension) -> Mapping[str, str]:
        """When it was created and changed."""
        return extension_rows.absolute_cells(thing)

    def title_of(self, thing: Extension) -> str:
        """Its own name."""
        return thing.name

    def show_rows(self) -> None:
        """Show the newest; a created extension gets the cursor as soon as the list has it."""
        super().show_rows()
        self._go_to_created()

    def _go_to_created(self) -> None:
        """Only if the operator has not moved on meanwhile."""
        if self._created is None or self._created[0] not in self._listing.rows:
            return
        (created, cursor), self._created = self._created, None
        if created not in self.rows.keys:
            self.notice("the new extension is in the list, but the filter hides it")
        elif cursor == self.rows.target:
            self.rows.go_to(created)

    _created: tuple[str, str | None] | None = None
    """The new one's key, and where the cursor stood when it was created."""

    def handlers(self) -> dict[str, Callable[[], None]]:
        """List operations, create and update."""
        return {
            **super().handlers(),
            "extension.create": self._create,
            "extension.update": self.on_target(self._update),
            "extension.toggle": self.on_marked(self._toggle, self._toggle_all),
            "extension.push-manifest": self.on_target(self._push),
            "extension.delete": self.on_target(self._delete),
        }

    def _create(self) -> None:
        self.app.push_screen(CreateExtensionForm(self.desk, self.things() or ()), self._on_created)

    def _on_created(self, outcome: Outcome | None) -> None:
        if outcome is not None and isinstance(outcome.result, Extension):
            self._created = outcome.result.id, self.rows.target
            self._go_to_created()

    def reviewed(self, outcome: object) -> None:
        """Go to the new one, if that is what came back."""
        super().reviewed(outcome)
        if isinstance(outcome, Outcome):
            self._on_created(outcome)

    def _update(self, extension: Extension) -> None:
        if self._is_readable(extension):
            form = UpdateExtensionForm(self.desk, extension, self.seen(Topic.EXTENSIONS))
            self.app.push_screen(form)

    def _toggle(self, extension: Extension) -> None:
        if self._is_readable(extension):
            self._review(plans.toggle_extension(extension, self.seen(Topic.EXTENSIONS)))

    def _push(self, extension: Extension) -> None:
        if self._is_readable(extension):
            form = PushManifestForm(self.desk, extension, self.seen(Topic.EXTENSIONS))
            self.app.push_screen(form)

    def _toggle_all(self, marked: Marked[Extension]) -> None:
        """What is wanted is settled at the key press: a change elsewhere must not turn it round."""
        wanted = bulk_plan.other_status(marked.things)
        if isinstance(wanted, str):
            self.notice(wanted)
            return

        def plan(extensions: Sequence[Extension], gone: Sequence[str]) -> BulkPlan | str:
            rests_on = self.shown(Topic.EXTENSIONS)
            return bulk_plan.toggle_all(extensions, rests_on, status=wanted, gone=gone)

        self.notice(self.review_marked(marked, plan))

    def _is_readable(self, extension: Extension) -> bool:
        reason = unfit(extension)
        if reason is not None:
            self.notice(f"{extension.name}: {reason}")
        return reason is None

    def _delete(self, extension: Extension) -> None:
        if not extension.doubled or self._is_readable(extension):
            self._review(plans.delete_extension(extension, self.seen(Topic.EXTENSIONS)))

    def _review(self, proposal: Proposal | str) -> None:
        if isinstance(proposal, str):
            self.notice(proposal)
        else:
            self.app.push_screen(ReviewDialog(self.desk, proposal))
