"""What the tests of responses over real HTTP share."""

from typing import Any

import pytest

from tests.api.conftest import Open, Profiles
from tui.api.live_service import LiveService
from tui.api.settings import BearerToken, SuperOfficeSettings


@pytest.fixture
def engine_at(open_service: Open, profiles: Profiles) -> Any:
    def service(url: str, **connection: object) -> LiveService:
        auth = BearerToken(profiles.secret("t"))
        return open_service(None, SuperOfficeSettings(url, auth=auth), connection=connection)

    return service
