"""Playbooks: what to do when a known thing breaks, step by step."""

from rootly_assets.sandbox.company.settings.entry import enter, ids, named, slug
from rootly_assets.sandbox.workspace import Workspace

PLAYBOOKS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Checkout errors above 2 %": (
        ("checkout", "cart", "payment"),
        (
            "Compare the error rate by payment provider",
            "Switch the failing provider off in the payment router",
            "Extend delivery slots that shoppers hold by 30 minutes",
            "Tell the care desk which orders were charged twice",
        ),
    ),
    "Search returns nothing": (
        ("search", "catalog"),
        (
            "Check the age of the product index",
            "Point reads at the index of yesterday",
            "Rebuild the index from the catalog snapshot",
        ),
    ),
    "Picking stations offline": (
        ("fulfil", "warehouse", "picking", "inventory"),
        (
            "Ask the shift lead which stations are down",
            "Print paper pick lists for the next two waves",
            "Restart the station gateway, one zone after the other",
        ),
    ),
    "Cold chain alarm": (
        ("delivery", "logistics", "courier"),
        ("Stop loading of chilled goods", "Call quality assurance", "Quarantine affected totes"),
    ),
    "Payment provider outage": (
        ("payment",),
        ("Open a ticket with the provider", "Offer payment on delivery", "Watch the retry queue"),
    ),
}


def populate(workspace: Workspace) -> None:
    """Add playbooks with their tasks."""
    for title, (words, tasks) in PLAYBOOKS.items():
        playbook = enter(
            workspace,
            "playbooks",
            {
                "title": title,
                "summary": f"First steps for: {title.lower()}",
                "external_url": f"https://wiki.larder.example/playbooks/{slug(title)}",
                "severity_ids": ids(workspace.records("severities")[:2]),
                "environment_ids": ids(named(workspace, "environments", "prod")),
                "functionality_ids": ids(named(workspace, "functionalities", *words)),
                "service_ids": ids(named(workspace, "services", *words)),
                "group_ids": ids(named(workspace, "groups", *words)),
                "incident_type_ids": [],
            },
        )
        below = {"playbook_id": playbook.id}
        for position, task in enumerate(tasks):
            step = {**below, "task": task, "description": None, "position": position + 1}
            enter(workspace, "playbook_tasks", step, parents=below)
