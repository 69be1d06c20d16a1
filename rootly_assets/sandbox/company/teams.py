"""Teams, the services they own, and the journeys of customers that those make possible."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from rootly_assets.sandbox.company.people import DOMAIN
from rootly_assets.sandbox.company.vocabulary import Vocabulary, broadcast, hash_of, slug
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

# Service | owner | tier: how often it fails, compared with the others | journey | what it does
_SERVICES = """
checkout-api | Checkout | 9 | Place an order | Turns a cart into a paid order
cart-service | Checkout | 5 | Fill a basket | Keeps what customers are about to buy
payments-gateway | Payments | 7 | Place an order | Talks to acquirers and wallets
refunds-worker | Payments | 3 | Get help | Pays money back
search-api | Search & Discovery | 6 | Find groceries | Answers product searches
search-indexer | Search & Discovery | 3 | Find groceries | Feeds products and prices to search
recommendations | Search & Discovery | 2 | Find groceries | Suggests what goes with what
inventory-service | Fulfilment | 6 | Fill a basket | Knows what each depot has
picking-app | Fulfilment | 4 | Receive an order | Guides pickers through the aisles
slot-planner | Delivery | 4 | Place an order | Offers and sells delivery slots
route-optimizer | Delivery | 4 | Receive an order | Plans the vans' routes
driver-app | Delivery | 3 | Receive an order | Guides drivers to the doors
storefront-web | Storefront | 7 | Find groceries | The shop in the browser and the apps
identity | Security | 4 | Sign in | Accounts, sessions and permissions
pricing-engine | Storefront | 4 | Fill a basket | Prices and promotions
notifications | Customer Care | 4 | Receive an order | E-mails, texts and push messages
kafka | Platform | 3 | Place an order | Events between services
kubernetes | Platform | 4 | Place an order | Clusters that run everything
data-lake | Data Platform | 4 | Run the business | Loads and tables for analysis
care-console | Customer Care | 3 | Get help | What agents see of a customer's order
"""
_DEPENDENCIES = {
    "checkout-api": ("cart-service", "payments-gateway", "slot-planner", "pricing-engine"),
    "cart-service": ("inventory-service", "pricing-engine"),
    "refunds-worker": ("payments-gateway", "kafka"),
    "search-api": ("search-indexer",),
    "search-indexer": ("kafka", "inventory-service"),
    "picking-app": ("inventory-service",),
    "driver-app": ("route-optimizer",),
    "storefront-web": ("search-api", "cart-service", "identity", "recommendations"),
    "care-console": ("checkout-api", "identity"),
    "data-lake": ("kafka",),
}
_COLORS = ("#0F766E", "#1D4ED8", "#B45309", "#7E22CE", "#BE123C", "#15803D", "#0369A1", "#4D7C0F")


@dataclass(frozen=True, slots=True)
class Organization:
    """Who owns what.

    Attributes:
        teams: team records by name.
        members: users by team name, leader first.
        services: service records by name.
        owners: name of the owning team by service name.
        weights: how often each service fails, by name, in no particular unit.
        journeys: functionality records by service name.
    """

    teams: dict[str, Record]
    members: dict[str, list[Record]]
    services: dict[str, Record]
    owners: dict[str, str]
    weights: dict[str, int]
    journeys: dict[str, Record]


def add_organization(
    workspace: Workspace, members: dict[str, list[Record]], words: Vocabulary
) -> Organization:
    """Add teams, services and functionalities."""
    teams = {
        name: workspace.add(
            Record("groups", workspace.new_id(), _team(workspace, name, at, people))
        )
        for at, (name, people) in enumerate(members.items(), 1)
    }
    for name, team in teams.items():
        workspace.link("groups", team.id, "users", members[name])
        for user in members[name]:
            workspace.link("users", user.id, "teams", [team])
    rows = [[part.strip() for part in line.split("|")] for line in _SERVICES.strip().splitlines()]
    ids = {row[0]: workspace.new_id() for row in rows}
    organization = Organization(teams, members, {}, {}, {}, {})
    journeys: dict[str, list[str]] = {}
    production = words.environments["Production"].id
    for at, (name, owner, weight, journey, text) in enumerate(rows, 1):
        depends = [ids[other] for other in _DEPENDENCIES.get(name, ())]
        attributes = _service(workspace, name, at, text)
        attributes |= {
            "environment_ids": [production],
            "service_ids": depends,
            "owner_group_ids": [teams[owner].id],
            "owner_user_ids": [int(members[owner][0].id)],
        }
        service = workspace.add(Record("services", ids[name], attributes))
        organization.services[name] = service
        organization.owners[name] = owner
        organization.weights[name] = int(weight)
        journeys.setdefault(journey, []).append(name)
    for at, (journey, names) in enumerate(journeys.items(), 1):
        attributes = _functionality(workspace, journey, at) | {
            "environment_ids": [production],
            "service_ids": [ids[name] for name in names],
            "owner_group_ids": list({teams[organization.owners[name]].id: None for name in names}),
        }
        functionality = workspace.add(Record("functionalities", workspace.new_id(), attributes))
        organization.journeys.update(dict.fromkeys(names, functionality))
    return organization


def _made(workspace: Workspace, days: int) -> dict[str, str]:
    made = workspace.timestamp(workspace.now - timedelta(days=days))
    return {"created_at": made, "updated_at": made}


def _team(workspace: Workspace, name: str, at: int, people: list[Record]) -> dict[str, Any]:
    return {
        "name": name,
        "slug": slug(name),
        "managed_by": "web",
        "description": f"Owns {name.lower()} end to end",
        "color": _COLORS[at % len(_COLORS)],
        "position": at,
        "backstage_id": None,
        "external_id": f"team-{slug(name)}",
        "pagerduty_id": None,
        "pagerduty_service_id": None,
        "opsgenie_id": None,
        "victor_ops_id": None,
        "pagertree_id": None,
        "cortex_id": None,
        "service_now_ci_sys_id": None,
        "user_ids": [int(user.id) for user in people],
        "admin_ids": [int(people[0].id)],
        "alerts_email_enabled": True,
        "alerts_email_address": f"alerts+{slug(name)}@{DOMAIN}",
        "alert_urgency_id": None,
        **_broadcast_settings(name),
        "auto_add_members_when_attached": True,
        "auto_add_members_scope": "public_only",
        "properties": [],
        **_made(workspace, 800 - at),
    }


def _service(workspace: Workspace, name: str, at: int, text: str) -> dict[str, Any]:
    return {
        "name": name,
        "slug": slug(name),
        "managed_by": "terraform" if at % 3 else "web",
        "description": text,
        "public_description": text,
        "color": _COLORS[at % len(_COLORS)],
        "position": at,
        "backstage_id": f"component:default/{name}",
        "external_id": None,
        "pagerduty_id": None,
        "opsgenie_id": None,
        "cortex_id": None,
        "service_now_ci_sys_id": None,
        "github_repository_name": f"larder/{name}",
        "github_repository_branch": "main",
        "gitlab_repository_name": None,
        "gitlab_repository_branch": None,
        "kubernetes_deployment_name": f"shop/{name}",
        "alert_urgency_id": None,
        "escalation_policy_id": None,
        "alerts_email_enabled": False,
        "alerts_email_address": None,
        **_broadcast_settings(name),
        "properties": [],
        **_made(workspace, 780 - at),
    }


def _functionality(workspace: Workspace, name: str, at: int) -> dict[str, Any]:
    return {
        "name": name,
        "slug": slug(name),
        "managed_by": "web",
        "description": f"Customers can {name.lower()}",
        "public_description": name,
        "color": _COLORS[at % len(_COLORS)],
        "backstage_id": None,
        "external_id": None,
        "pagerduty_id": None,
        "opsgenie_id": None,
        "opsgenie_team_id": None,
        "cortex_id": None,
        "service_now_ci_sys_id": None,
        "position": at,
        "owner_user_ids": [],
        "escalation_policy_id": None,
        **broadcast(name),
        "properties": [],
        **_made(workspace, 760 - at),
    }


def _broadcast_settings(name: str) -> dict[str, Any]:
    channel = {"id": f"C1{hash_of(name):09X}", "name": f"alerts-{slug(name)}"}
    return {
        **broadcast(name),
        "alert_broadcast_enabled": True,
        "alert_broadcast_channel": channel,
        "incident_broadcast_enabled": False,
        "incident_broadcast_channel": None,
    }
