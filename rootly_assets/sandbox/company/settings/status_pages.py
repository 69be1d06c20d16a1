"""The status pages for shoppers, couriers and staff, their templates, and what was posted there."""

from datetime import datetime
from typing import Any

from rootly_assets.sandbox.company.settings.entry import enter, ids, later, slug, some
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

PAGES = [
    ("Larder status", "Orders, payments and deliveries", "none", True),
    ("Courier partners", "Delivery APIs and handover", "password", True),
    ("Inside Larder", "All services, for staff", "saml", False),
]
TEMPLATES = [
    ("Checkout unavailable", "investigating", "normal", "We are looking into failing checkouts."),
    (
        "Late deliveries",
        "identified",
        "normal",
        "Deliveries in some areas arrive later than planned.",
    ),
    (
        "Back to normal",
        "resolved",
        "normal",
        "Everything works again. Thank you for your patience.",
    ),
    ("Planned maintenance", "scheduled", "scheduled", "Ordering pauses for some minutes tonight."),
]
UPDATES = [
    (0, "investigating", "We are looking into reports of trouble with {what}."),
    (20, "identified", "We found why {what} is not working as it should and are on it."),
    (45, "monitoring", "{what} recovers; we keep watching."),
    (70, "resolved", "{what} works normally again."),
]
PUBLISHED_SHARE = 0.2


def populate(workspace: Workspace) -> None:
    """Add the pages, their templates, and the posts about a fifth of the incidents."""
    for page in [_page(workspace, *words) for words in PAGES]:
        for position in range(len(TEMPLATES)):
            _template(workspace, page, position)
    follow(workspace, workspace.records("incidents"))


def follow(workspace: Workspace, incidents: list[Record]) -> None:
    """Post about a fifth of the incidents on the shoppers' page."""
    page = workspace.records("status_pages")[0]
    for incident in incidents:
        if (
            incident.attributes["started_at"]
            and str(incident.attributes["kind"]).startswith("normal")
            and workspace.random.random() < PUBLISHED_SHARE
        ):
            _posts(workspace, page, incident)


def _page(
    workspace: Workspace, title: str, description: str, authentication: str, public: bool
) -> Record:
    host = "status" if authentication == "none" else f"{slug(title)}.status"
    saml = authentication == "saml"
    return enter(
        workspace,
        "status_pages",
        {
            "title": title,
            "slug": slug(title),
            "public_title": title,
            "description": description,
            "public_description": description,
            "header_color": "#0F7B3F",
            "footer_color": "#1F2937",
            "allow_search_engine_index": public,
            "show_uptime": True,
            "show_uptime_last_days": 60,
            "success_message": "Everything is fresh",
            "failure_message": "Something has gone off",
            "authentication_method": authentication,
            "authentication_enabled": authentication != "none",
            "authentication_password": (
                f"sandbox-secret-status-page-{slug(title)}"
                if authentication == "password"
                else None
            ),
            "saml_idp_sso_service_url": "https://id.larder.example/sso" if saml else None,
            "saml_idp_slo_service_url": "https://id.larder.example/slo" if saml else None,
            "saml_idp_cert": None,
            "saml_idp_cert_fingerprint": "5C:1B:8E:00:42:9A" if saml else None,
            "saml_name_identifier_format": (
                "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" if saml else None
            ),
            "section_order": ["maintenance", "system_status", "incidents"],
            "website_url": "https://www.larder.example",
            "website_privacy_url": "https://www.larder.example/privacy",
            "website_support_url": "https://www.larder.example/help",
            "ga_tracking_id": None,
            "time_zone": "America/Los_Angeles",
            "public": public,
            "service_ids": ids(some(workspace, workspace.records("services"), 8)),
            "functionality_ids": ids(workspace.records("functionalities")),
            "external_domain_names": [f"{host}.larder.example"],
            "cname_records": {f"{host}.larder.example": "cname.status.example"},
            "enabled": True,
        },
    )


def _template(workspace: Workspace, page: Record, position: int) -> None:
    title, status, kind, body = TEMPLATES[position]
    below = {"status_page_id": page.id}
    enter(
        workspace,
        "status_page_templates",
        {
            **below,
            "title": title,
            "update_title": None,
            "body": body,
            "update_status": status,
            "kind": kind,
            "should_notify_subscribers": kind == "scheduled",
            "enabled": True,
            "position": position + 1,
        },
        parents=below,
    )


def _posts(workspace: Workspace, page: Record, incident: Record) -> None:
    began = later(
        workspace, incident.attributes["started_at"], minutes=workspace.random.randint(4, 40)
    )
    finished = incident.attributes["resolved_at"] is not None
    functionality = workspace.random.choice(workspace.records("functionalities") or [page])
    what = str(functionality.attributes.get("name", "Ordering"))
    now = workspace.timestamp(workspace.now)
    for minutes, status, text in UPDATES if finished else UPDATES[:2]:
        posted = min(later(workspace, began, minutes=minutes), now, key=_instant)
        post: dict[str, Any] = {
            "event": text.format(what=what),
            "status_page_id": page.id,
            "status": status,
            "notify_subscribers": minutes == 0,
            "should_tweet": False,
            "started_at": posted,
            "created_at": posted,
            "updated_at": posted,
        }
        enter(
            workspace,
            "incident_status_page_events",
            post,
            parents={"incident_id": incident.id},
        )


def _instant(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
