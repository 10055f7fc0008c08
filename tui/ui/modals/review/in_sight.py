"""What a dialog confirms has to have been in sight, from its first line on, before any key counts.

What stands below it, such as the request, may stay unread. After another size, or if what was in sight
differs, it has to be in sight again; who reads below it keeps the place.
"""

from collections.abc import Sequence

from textual.containers import VerticalScroll
from textual.geometry import Size

from tui.ui.modals.dialog import Dialog, Result
from tui.ui.widgets.fact_list import Fact, Facts

NOT_SEEN = "that did not count. Scroll"
OF_MANY = " above the first blank line"


class InSightDialog(Dialog[Result]):
    """Base of the dialogs whose facts are confirmed."""

    _seen = 0
    """Lines that were in sight, without a gap from the first."""
    _fitted: Size | None = None
    """The size of the screen for which the body has its height; None: it does not have it yet."""

    def counted(self, facts: Sequence[Fact]) -> int:
        """How many of the facts, from the first, must have been in sight."""
        return len(facts)

    @property
    def is_summed(self) -> bool:
        """Whether only what stands above the first blank line counts, as it sums up many targets."""
        return False

    def on_mount(self) -> None:
        """Follow what the operator scrolls to."""
        body = self.query_one("#body")
        for changing in ("scroll_y", "virtual_size", "container_size"):
            self.watch(body, changing, self._moved, init=False)

    def _moved(self) -> None:
        self.call_after_refresh(self._look)

    def on_resize(self) -> None:
        """The lines break elsewhere, and the body gets its height only after the next refresh."""
        if self._fitted != self.size:
            self._fitted = None
            self.see_again()
            self.call_after_refresh(self.call_after_refresh, self._fits)

    def _fits(self) -> None:
        self._fitted = self.size
        self._look()

    def see_again(self) -> None:
        """Nothing was in sight: show its beginning, and let no key count."""
        self._seen = 0
        self.last_key.void()
        body = self.query_one_optional("#body", VerticalScroll)
        if body is not None:
            body.scroll_home(animate=False)

    def see_others(self, facts: Sequence[Fact], same: int) -> None:
        """Before other facts are shown: let no key count until what counts of them was in sight.

        `same`: how many, from the first, are as before.
        """
        self.last_key.void()
        shown, body = self.query_one(Facts), self.query_one("#body", VerticalScroll)
        if same >= self.counted(facts) or self._seen <= shown.top_of(same):
            return
        if body.scroll_y < shown.top_of(self.counted(shown.shown)):
            self.see_again()
        else:
            self._seen = 0

    def facts_drawn(self) -> None:
        self._look()

    def _look(self) -> None:
        """Note what is in sight; with the last line that counts begins the reading time."""
        body, facts = self.query_one_optional("#body"), self.query_one_optional(Facts)
        if body is None or facts is None or self._fitted is None or not facts.is_drawn:
            return
        most = body.styles.max_height
        room = body.size.height if most is None else min(body.size.height, int(most.value))
        top = int(body.scroll_y)
        if top <= self._seen:
            self._seen = max(self._seen, top + room)
        if self._seen >= facts.top_of(self.counted(facts.shown)):
            self.last_key.drawn()

    def refuse_key(self, then: str) -> None:
        if self.last_key.is_void:
            where = "up" if self.query_one("#body").scroll_y > self._seen else "down"
            of_many = OF_MANY if self.is_summed else ""
            self.trouble(f"{NOT_SEEN} {where} to see all of it{of_many}, then {then}", "warning")
        else:
            super().refuse_key(then)
