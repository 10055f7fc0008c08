"""What `doctor` is run on."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.api.service import ErpService
from tui.domain.profile import ProfileFacts
from tui.frozen import frozen
from tui.headless.history.recorded import Recorded
from tui.store.snapshot import Topic

if TYPE_CHECKING:
    from tui.api.diagnostics.probe import Probe


@frozen
class DoctorTarget:
    """What `doctor` checks of a profile: its service, and the layers below."""

    facts: ProfileFacts
    service: ErpService
    probe: "Probe"
    intervals: Mapping[Topic, float]
    """Seconds between two polls of each topic in the console."""
    warnings: tuple[str, ...] = ()
    history: Recorded | None = None
    """The profile's history; None: it keeps none."""
