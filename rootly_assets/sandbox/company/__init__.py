"""The company that lives in the sandbox: an online grocer, from its people to its bad nights.

`found` sets up people, teams, the catalog of services, on-call, alert sources and urgencies, custom
fields, severities, causes, incident roles and types, sub-statuses; then alerts and incidents happen
to them as the clock runs. `settings.populate` adds what else a workspace has, when history is over.
"""

from datetime import timedelta

from rootly_assets.sandbox.workspace import Workspace


def found(workspace: Workspace, *, incidents: int, history: timedelta) -> None:
    """Found the company at the workspace's clock and let its `history` be ready to happen."""
