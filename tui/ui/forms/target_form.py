"""A form about one row of a list: it begins with the row's values, and may continue with later ones."""

from datetime import datetime
from typing import Generic, TypeVar, cast

from tui.ops.drafts.draft import DraftKey
from tui.ops.targets.target import TargetRow
from tui.session.session import Session
from tui.store.snapshot import Snapshot
from tui.ui.forms.form import FormDialog
from tui.ui.widgets.form_fields import Field

Opened = TypeVar("Opened", bound=TargetRow)


class TargetForm(FormDialog, Generic[Opened]):
    """Base of the forms about one target: it continues with the target's current values."""

    def __init__(
        self,
        title: str,
        session: Session,
        name: str,
        draft_key: DraftKey,
        opened: Opened,
        rests_on: Snapshot[object],
    ) -> None:
        super().__init__(title, session, name, draft_key)
        self.opened, self.rests_on = opened, rests_on

    @property
    def known_at(self) -> datetime | None:
        return self.rests_on.fetched_at

    def sends(self, field: Field) -> bool:
        """An empty field changes nothing."""
        return field.changed and bool(field.text.strip())

    def adopt(self, target: TargetRow, rests_on: Snapshot[object]) -> bool:
        is_same_kind = isinstance(target, type(self.opened))
        if is_same_kind:
            self.opened, self.rests_on = cast("Opened", target), rests_on
        return is_same_kind
