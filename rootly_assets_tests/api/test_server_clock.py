"""Times that later runs go by are the server's: this machine's clock may be hours off."""

from datetime import UTC, datetime, timedelta

import pytest

from rootly_assets.api import ClientSettings, RootlyClient
from rootly_assets.sandbox import Workspace, serve

OFF = timedelta(hours=6)


@pytest.mark.parametrize("forbidden", [frozenset(), frozenset({"/v1/users/me"})])
@pytest.mark.parametrize("off", [OFF, -OFF])
def test_the_time_of_a_run_is_the_servers_own(off: timedelta, forbidden: frozenset[str]) -> None:
    workspace = Workspace.build(incidents=0, now=datetime.now(UTC) + off)
    with serve(workspace, forbidden=forbidden) as server:
        client = RootlyClient(ClientSettings(base_url=server.url, token=server.token))
        assert client.server_now() == workspace.now
        workspace.advance(timedelta(minutes=5))
        assert client.server_now() == workspace.now
