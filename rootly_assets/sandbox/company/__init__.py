"""The company that lives in the sandbox: an online grocer, from its people to its bad nights.

`found` sets up people, teams, the catalog of services, on-call, alert sources and urgencies,
severities, causes, incident roles and types, sub-statuses; then alerts and incidents happen to them
as the clock runs. `settings.populate` adds what else a workspace has, when its history is over.
"""

from datetime import timedelta

from rootly_assets.sandbox.company.alert_sources import add_alert_sources
from rootly_assets.sandbox.company.alerts import AlertDesk
from rootly_assets.sandbox.company.escalation import add_escalations
from rootly_assets.sandbox.company.grocer import Grocer
from rootly_assets.sandbox.company.housekeeping import Housekeeping
from rootly_assets.sandbox.company.incidents import IncidentDesk
from rootly_assets.sandbox.company.on_call import OnCall
from rootly_assets.sandbox.company.people import add_people
from rootly_assets.sandbox.company.settings import populate
from rootly_assets.sandbox.company.teams import add_organization
from rootly_assets.sandbox.company.vocabulary import add_vocabulary
from rootly_assets.sandbox.workspace import Workspace

# Alerts for each incident, apart from those that an incident begins with.
_ALERTS_AN_INCIDENT = 1.35


def found(workspace: Workspace, *, incidents: int, history: timedelta) -> None:
    """Found the company at the workspace's clock and let its history happen.

    Args:
        workspace: where, and with it when: its clock is the beginning of the history.
        incidents: how many incidents the history holds.
        history: how long it is; the clock ends up at its end.
    """
    words = add_vocabulary(workspace)
    organization = add_organization(workspace, add_people(workspace), words)
    on_call = OnCall(workspace, organization)
    grocer = Grocer(
        workspace=workspace,
        words=words,
        organization=organization,
        on_call=on_call,
        escalations=add_escalations(workspace, organization, on_call),
        sources=add_alert_sources(workspace, organization),
    )
    days = history / timedelta(days=1)
    alerts = AlertDesk(grocer, per_day=incidents * _ALERTS_AN_INCIDENT / days)
    IncidentDesk(grocer, alerts, history=history, count=incidents)
    # Nothing is deleted before history ends, so that it holds as many incidents as were asked for.
    Housekeeping(grocer, first=history + timedelta(hours=3))
    workspace.advance(history)
    populate(workspace)
