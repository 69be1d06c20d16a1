"""The company's settings: workflows, forms, catalogs, communications, status pages and the rest."""

from rootly_assets.sandbox.workspace import Workspace


def populate(workspace: Workspace) -> None:
    """Add every setting; people, teams, services, incidents and alerts are there already."""
