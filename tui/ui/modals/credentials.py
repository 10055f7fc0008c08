"""The profile's credentials, whether the servers accept them, and the ways to re-enter one.

No value is ever shown. The screen below keeps its row.
"""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType

from tui.api.errors import CredentialFailed
from tui.domain.credentials import CredentialEntry
from tui.frozen import frozen
from tui.presentation.columns import CREDENTIALS
from tui.ui.host import AppHost, ScreenHost
from tui.ui.modals.list_dialog import EntriesDialog
from tui.ui.modals.type_secret import TypeSecretDialog
from tui.ui.terminal.hand_over import terminal_given_away
from tui.ui.widgets.row_list import Row
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr

    from tui.ops.credential_renewal import CredentialRenewal

_ABOUT_A_CHOICE = ("read", "at_terminal", "type")


@frozen
class _Awaited:
    """A credential that was re-entered and that its server has to accept."""

    key: str
    since: datetime
    message: str


class CredentialsDialog(EntriesDialog[CredentialEntry]):
    """One line for each credential; the cursor starts on one that is refused."""

    COLUMNS = CREDENTIALS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "read", "read again"),
        Binding("t", "at_terminal", "run at the terminal"),
        Binding("i", "type", "type it"),
        Binding("q,A", "leave", "Back", show=False),
    ]

    def __init__(
        self, profile: str, authorising: "CredentialRenewal", clock: "Callable[[], datetime]"
    ) -> None:
        """`clock`: ours, as it dates what servers accept and refuse."""
        super().__init__(f"Credentials · {profile}")
        self._authorising = authorising
        self._clock = clock
        self._awaited: _Awaited | None = None
        self._being_read: CredentialEntry | None = None

    def compose_tail(self) -> ComposeResult:
        yield TextLine(id="server")
        yield from super().compose_tail()

    def on_mount(self) -> None:
        """Start on the first one that needs something."""
        self.follow()
        rows = self.rows
        rows.styles.height = len(self.entries)
        needy = (key for key, one in self.entries.items() if one.is_refused or one.trouble)
        rows.go_to(next(needy, next(iter(self.entries), "")))
        rows.focus()
        self.repeat(1.0, self.follow)

    def follow(self) -> None:
        self.show_entries({f"{one.system} {one.what}": one for one in self._authorising.entries()})
        self.query_one("#server", TextLine).show(self._authorising.server)
        self._judge()

    def row(self, key: str, entry: CredentialEntry) -> Row:
        bad = entry.is_refused or bool(entry.trouble)
        good = entry.accepted_at is not None
        tone = "error" if bad else "ok" if good else "plain"
        sign = "✖" if bad else "✔" if good else " "
        return Row(key, sign, tone, (entry.system.product, entry.what, _state(entry), entry.origin))

    def whole(self, entry: CredentialEntry) -> str:
        """Everything about one credential, times in UTC."""
        dated = (("accepted", entry.accepted_at), ("refused", entry.refused_at))
        times = (f"{word} {at:%Y-%m-%d %H:%M:%S} UTC" for word, at in dated if at is not None)
        typed = "typed for this run, instead of " if entry.is_typed else ""
        trouble = entry.trouble.removeprefix(entry.origin).strip()
        return " · ".join(filter(None, (f"{entry.what}: {typed}{entry.origin}", trouble, *times)))

    def _judge(self) -> None:
        awaited = self._awaited
        entry = self.entries.get(awaited.key) if awaited else None
        if awaited is None or entry is None:
            return
        failure = self._authorising.failure(entry.system)
        if entry.is_refused and entry.refused_at is not None and entry.refused_at >= awaited.since:
            why = f"{failure.sentence} · {failure.next_step}" if failure else "it was refused"
            self._tell(f"{awaited.message}, but {why}", "error")
        elif entry.accepted_at is not None and entry.accepted_at >= awaited.since:
            self._tell(f"{awaited.message} · {entry.system.product} accepts it", "ok")

    def _tell(self, text: str, tone: str) -> None:
        self._awaited = None
        self.trouble(text, tone)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a program's credential can be read at the terminal, only a one-line one be typed."""
        if action not in _ABOUT_A_CHOICE or not self.is_mounted:
            return super().check_action(action, parameters)
        chosen = self.chosen
        if chosen is None:
            return False
        return {"at_terminal": chosen.is_command, "type": chosen.can_be_typed}.get(action, True)

    # Re-entering.

    def action_read(self) -> None:
        if self.chosen is not None:
            self.trouble(f"reading {self.chosen.origin}…", "busy")
            self.run_worker(self._read(self.chosen), group="credential", exclusive=True)

    def action_at_terminal(self) -> None:
        if self.chosen is not None:
            self.run_worker(self._read_at_terminal(self.chosen), group="credential", exclusive=True)

    def action_type(self) -> None:
        entry = self.chosen
        if entry is not None:
            self.app.push_screen(TypeSecretDialog(entry), lambda secret: self._give(entry, secret))

    async def _read(self, entry: CredentialEntry, *, at_terminal: bool = False) -> None:
        """The result is shown; a failed read is a result, too."""
        since, self._being_read = self._clock(), entry
        try:
            message = await self._authorising.read_again(entry, at_terminal=at_terminal)
        except CredentialFailed as failure:
            self._tell(_why(entry, failure), "error")
        else:
            self._await(entry, since, message)
        self.follow()

    async def _read_at_terminal(self, entry: CredentialEntry) -> None:
        from tui.ui.resilient_app import ResilientApp

        assert isinstance(self.app, ResilientApp)  # noqa: S101 - the console is one
        try:
            with terminal_given_away(self.app):
                await self._read(entry, at_terminal=True)
        except SuspendNotSupported:
            self._tell(
                "the screen cannot be suspended here: r runs the program without the terminal", "error"
            )

    def _give(self, entry: CredentialEntry, secret: "SecretStr | None") -> None:
        if secret is None:
            return
        since = self._clock()
        try:
            message = self._authorising.give(entry, secret)
        except CredentialFailed as failure:
            self._tell(_why(entry, failure), "error")
        else:
            self._drop_reading(entry)
            self._await(entry, since, message)
        self.follow()

    def _drop_reading(self, entry: CredentialEntry) -> None:
        """A typed credential replaces a read that started before: its result is no longer awaited."""
        being_read = self._being_read
        if being_read and (being_read.system, being_read.what) == (entry.system, entry.what):
            self.workers.cancel_group(self, "credential")

    def _await(self, entry: CredentialEntry, since: datetime, message: str) -> None:
        self._awaited = _Awaited(f"{entry.system} {entry.what}", since, message)
        self.trouble(f"{message} · checking with {entry.system.product}…", "busy")


def _state(entry: CredentialEntry) -> str:
    if entry.trouble:
        return "cannot be read"
    word = "not used yet"
    if entry.is_refused and entry.refused_at is not None:
        word = f"refused {entry.refused_at:%H:%M:%S}"
    elif entry.accepted_at is not None:
        word = f"accepted {entry.accepted_at:%H:%M:%S}"
    return f"typed, {word}" if entry.is_typed else word


def _why(entry: CredentialEntry, failure: CredentialFailed) -> str:
    """What failed, without what the list shows already."""
    return f"{failure.sentence.removeprefix(entry.origin).strip()} · {failure.next_step}"


def open_credentials(host: AppHost, screen: ScreenHost) -> None:
    from tui.ops.credential_renewal import CredentialRenewal

    core, session = screen.core, screen.session
    authorising = CredentialRenewal(core.service, core.store, core.poller)
    host.push_screen(CredentialsDialog(session.facts.name, authorising, session.clock))
