"""Keys and grants: who has which role, API keys (never their tokens), who was let into which dashboard."""

from rootly_assets.sandbox.company.settings.entry import ago, enter, named
from rootly_assets.sandbox.workspace import Workspace

KEYS = [
    (
        "Terraform",
        "Applies the incident settings from the infrastructure repository",
        "organization",
    ),
    ("Warehouse sync", "Reads everything every hour", "organization"),
    ("Deploy pulses", "The release pipeline announces each deployment", "organization"),
    ("Checkout on-call bot", "Answers who is on call in the checkout channel", "team"),
    ("Grafana annotations", "Draws incidents on the order graphs", "team"),
    ("Laptop scripts", None, "personal"),
]


def populate(workspace: Workspace) -> None:
    """Give out roles, add API keys and authorizations; the dashboards are there already."""
    admin = (named(workspace, "roles", "Admin") or workspace.records("roles"))[0]
    on_call_admin = (
        named(workspace, "on_call_roles", "Admin") or workspace.records("on_call_roles")
    )[0]
    roles, on_call_roles = workspace.records("roles"), workspace.records("on_call_roles")
    for number, user in enumerate(workspace.records("users")):
        workspace.link("users", user.id, "role", [roles[number % len(roles)]])
        on_call_role = on_call_roles[number % len(on_call_roles)]
        workspace.link("users", user.id, "on_call_role", [on_call_role])
    for position, (name, description, kind) in enumerate(KEYS):
        enter(
            workspace,
            "api_keys",
            {
                "name": name,
                "description": description,
                "kind": kind,
                "role_id": None if kind == "personal" else admin.id,
                "on_call_role_id": None if kind == "personal" else on_call_admin.id,
                "expires_at": ago(workspace, days=-90 * position) if position else None,
                "last_used_at": ago(workspace, minutes=7 * position + 1) if position < 5 else None,
                "grace_period_ends_at": None,
            },
        )
    team = workspace.records("groups")[0]
    for dashboard in workspace.records("dashboards"):
        for grantee, kind, permissions in (
            (team, "Team", ["read", "update"]),
            (workspace.random.choice(workspace.records("users")), "User", ["read"]),
        ):
            enter(
                workspace,
                "authorizations",
                {
                    "authorizable_id": dashboard.id,
                    "authorizable_type": "Dashboard",
                    "grantee_id": grantee.id,
                    "grantee_type": kind,
                    "permissions": permissions,
                },
            )
