"""Extensions: the JTL-Wawi extensions, pending ones first."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.binding import BindingType

from tui.domain.jtl.extensions import Extension
from tui.ops.execution.outcome import Outcome
from tui.ops.operations.delete_extension import delete_extension
from tui.ops.operations.update_extension import toggle_extension
from tui.ops.proposals import bulk as bulk_plan
from tui.ops.proposals.bulk import BulkPlan
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.fitness import unfit
from tui.presentation.columns import EXTENSIONS, Column, on_screen
from tui.store.snapshot import Topic
from tui.ui.bindings import MARKS, list_bindings
from tui.ui.forms.extension import CreateExtensionForm, UpdateExtensionForm
from tui.ui.forms.push_manifest import PushManifestForm
from tui.ui.host import Handler
from tui.ui.modals.details.details import Details
from tui.ui.modals.review.review import ReviewDialog
from tui.ui.screens.extensions import rows as extension_rows
from tui.ui.screens.list_row import ListRow
from tui.ui.screens.marked_targets import MarkedTargets
from tui.ui.screens.marking import MarkedListScreen


class ExtensionsScreen(MarkedListScreen[Extension], inherit_bindings=False):
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
    HISTORY_OF = "extension"
    COLUMNS: ClassVar[Sequence[Column]] = on_screen(EXTENSIONS)
    NOUN = ("extension", "extensions")
    EMPTY = "No extensions are registered."
    OTHER_NAMES: ClassVar[Mapping[str, str]] = {"health": "health", "state": "status"}
    AGES: ClassVar[Mapping[str, str]] = {name: name for name in ("age", "changed", "created", "since")}
    WITH_MARKS = frozenset({"extension.create", "extension.toggle"})

    def targets(self) -> Sequence[Extension] | None:
        return self.session.store.snapshot(Topic.EXTENSIONS).data

    def key_of(self, target: Extension) -> str:
        return target.id

    def lister(self, now: datetime) -> Callable[[Extension], ListRow]:
        return lambda one: extension_rows.listed(one, now, self.aside(one.id))

    def details(self, target: Extension) -> Details:
        return Details(extension_rows.facts(target, self.now()), target.raw)

    def absolute(self, target: Extension) -> Mapping[str, str]:
        return extension_rows.absolute_cells(target)

    def title_of(self, target: Extension) -> str:
        return target.name

    def show_rows(self) -> None:
        """Show the newest; a created extension gets the cursor as soon as the list has it."""
        super().show_rows()
        self._go_to_created()

    def _go_to_created(self) -> None:
        """Move the cursor only if the operator has not moved it meanwhile."""
        if self._created is None or self._created[0] not in self._listing.rows:
            return
        (created, cursor), self._created = self._created, None
        if created not in self.rows.keys:
            self.notice("the new extension is in the list, but the filter hides it")
        elif cursor == self.rows.target:
            self.rows.go_to(created)

    _created: tuple[str, str | None] | None = None
    """The new one's key, and where the cursor stood when it was created."""

    def handlers(self) -> dict[str, Handler]:
        return {
            **super().handlers(),
            "extension.create": self._create,
            "extension.update": self.on_target(partial(self._open, UpdateExtensionForm)),
            "extension.toggle": self.on_marked(self._toggle, self._toggle_all),
            "extension.push-manifest": self.on_target(partial(self._open, PushManifestForm)),
            "extension.delete": self.on_target(self._delete),
        }

    def _create(self) -> None:
        self.app.push_screen(CreateExtensionForm(self.session, self.targets() or ()), self._on_created)

    def _on_created(self, outcome: Outcome | None) -> None:
        if outcome is not None and isinstance(outcome.result, Extension):
            self._created = outcome.result.id, self.rows.target
            self._go_to_created()

    def reviewed(self, outcome: object) -> None:
        super().reviewed(outcome)
        if isinstance(outcome, Outcome):
            self._on_created(outcome)

    def _open(self, form: type[UpdateExtensionForm | PushManifestForm], extension: Extension) -> str:
        problem = _problem(extension)
        if not problem:
            self.app.push_screen(form(self.session, extension, self.seen(Topic.EXTENSIONS)))
        return problem

    def _toggle(self, extension: Extension) -> str:
        return _problem(extension) or self._review(
            toggle_extension(extension, self.seen(Topic.EXTENSIONS))
        )

    def _toggle_all(self, marked: MarkedTargets[Extension]) -> str:
        """The new state is decided at the key press: a change elsewhere must not reverse it."""
        wanted = bulk_plan.other_status(marked.targets)
        if isinstance(wanted, Refusal):
            return wanted.sentence

        def plan(extensions: Sequence[Extension], missing: Sequence[str]) -> BulkPlan | Refusal:
            rests_on = self.shown(Topic.EXTENSIONS)
            return bulk_plan.toggle_all(extensions, rests_on, status=wanted, missing=missing)

        return self.review_marked(marked, plan)

    def _delete(self, extension: Extension) -> str:
        problem = _problem(extension) if extension.doubled else ""
        return problem or self._review(delete_extension(extension, self.seen(Topic.EXTENSIONS)))

    def _review(self, proposal: Proposal | Refusal) -> str:
        if isinstance(proposal, Refusal):
            return proposal.sentence
        self.app.push_screen(ReviewDialog(self.session, proposal))
        return ""


def _problem(extension: Extension) -> str:
    reason = unfit(extension)
    return "" if reason is None else f"{extension.name}: {reason}"
