"""The company that lives in the sandbox: an online grocer, from its people to its bad nights."""

from datetime import timedelta

from rootly_assets.sandbox.workspace import Workspace


def found(workspace: Workspace, *, incidents: int, history: timedelta) -> None:
    """Found the company at the workspace's clock and let its `history` be ready to happen."""
