"""The company's settings: workflows, forms, catalogs, communications, status pages and the rest."""

from rootly_assets.sandbox.company.settings import (
    access,
    agreements,
    alerting,
    audits,
    catalogs,
    communications,
    custom_fields,
    dashboards,
    edge_connectors,
    form_answers,
    forms,
    heartbeats,
    live_calls,
    meetings,
    pay,
    playbooks,
    pulses,
    retrospective_processes,
    roles,
    status_pages,
    upkeep,
    webhooks,
    workflow_runs,
    workflows,
)
from rootly_assets.sandbox.workspace import Workspace

# In this order: later ones refer to records of earlier ones.
ROOMS = (
    roles,
    agreements,
    catalogs,
    forms,
    custom_fields,
    form_answers,
    communications,
    playbooks,
    retrospective_processes,
    alerting,
    heartbeats,
    live_calls,
    status_pages,
    webhooks,
    workflows,
    workflow_runs,
    edge_connectors,
    meetings,
    pulses,
    pay,
    dashboards,
    access,
    audits,
)


def populate(workspace: Workspace) -> None:
    """Add every setting; people, teams, services, incidents and alerts are there already."""
    for room in ROOMS:
        room.populate(workspace)
    upkeep.begin(workspace)
