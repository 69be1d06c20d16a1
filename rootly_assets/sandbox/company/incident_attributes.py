"""The attributes of an incident, all 135 of them: most integrations are not connected here."""

from typing import Any

from rootly_assets.sandbox.company.grocer import URL, Grocer
from rootly_assets.sandbox.company.vocabulary import slug
from rootly_assets.sandbox.record import Record

_NAMES = [
    "id",
    "sequential_id",
    "title",
    "kind",
    "slug",
    "parent_incident_id",
    "duplicate_incident_id",
    "summary",
    "private",
    "source",
    "status",
    "url",
    "short_url",
    "public_title",
    "user",
    "severity",
    "environments",
    "incident_types",
    "services",
    "functionalities",
    "groups",
    "labels",
    "slack_channel_id",
    "slack_channel_name",
    "slack_channel_url",
    "slack_channel_short_url",
    "slack_channel_deep_link",
    "slack_channel_archived",
    "slack_last_message_ts",
    "zoom_meeting_id",
    "zoom_meeting_start_url",
    "zoom_meeting_join_url",
    "zoom_meeting_password",
    "zoom_meeting_pstn_password",
    "zoom_meeting_h323_password",
    "zoom_meeting_global_dial_in_numbers",
    "google_drive_id",
    "google_drive_parent_id",
    "google_drive_url",
    "google_meeting_id",
    "google_meeting_url",
    "microsoft_teams_meeting_id",
    "microsoft_teams_meeting_url",
    "microsoft_teams_channel_id",
    "microsoft_teams_channel_name",
    "microsoft_teams_channel_url",
    "microsoft_teams_channel_short_url",
    "microsoft_teams_chat_id",
    "microsoft_teams_chat_url",
    "microsoft_teams_team_id",
    "google_chat_space_id",
    "google_chat_space_name",
    "google_chat_space_url",
    "google_chat_space_short_url",
    "google_chat_space_archived",
    "google_chat_space_domain_id",
    "webex_meeting_id",
    "webex_meeting_url",
    "jira_issue_key",
    "jira_issue_id",
    "jira_issue_url",
    "github_issue_id",
    "github_issue_url",
    "gitlab_issue_id",
    "gitlab_issue_url",
    "asana_task_id",
    "asana_task_url",
    "linear_issue_id",
    "linear_issue_url",
    "trello_card_id",
    "trello_card_url",
    "zendesk_ticket_id",
    "zendesk_ticket_url",
    "pagerduty_incident_id",
    "pagerduty_incident_number",
    "pagerduty_incident_url",
    "opsgenie_incident_id",
    "opsgenie_incident_url",
    "opsgenie_alert_id",
    "opsgenie_alert_url",
    "service_now_incident_id",
    "service_now_incident_key",
    "service_now_incident_url",
    "mattermost_channel_id",
    "mattermost_channel_name",
    "mattermost_channel_url",
    "confluence_page_id",
    "confluence_page_url",
    "datadog_notebook_id",
    "datadog_notebook_url",
    "shortcut_story_id",
    "shortcut_story_url",
    "shortcut_task_id",
    "shortcut_task_url",
    "motion_task_id",
    "motion_task_url",
    "clickup_task_id",
    "clickup_task_url",
    "victor_ops_incident_id",
    "victor_ops_incident_url",
    "quip_page_id",
    "quip_page_url",
    "sharepoint_page_id",
    "sharepoint_page_url",
    "airtable_base_key",
    "airtable_table_name",
    "airtable_record_id",
    "airtable_record_url",
    "freshservice_ticket_id",
    "freshservice_ticket_url",
    "freshservice_task_id",
    "freshservice_task_url",
    "mitigation_message",
    "resolution_message",
    "cancellation_message",
    "scheduled_for",
    "scheduled_until",
    "muted_service_ids",
    "retrospective_progress_status",
    "in_triage_by",
    "started_by",
    "mitigated_by",
    "resolved_by",
    "closed_by",
    "cancelled_by",
    "in_triage_at",
    "started_at",
    "detected_at",
    "acknowledged_at",
    "mitigated_at",
    "resolved_at",
    "closed_at",
    "cancelled_at",
    "created_at",
    "updated_at",
]
_SOURCES = ("slack", "slack", "web", "api")
_DIAL_IN = [
    {
        "country": "US",
        "country_name": "United States",
        "city": "San Jose",
        "number": "+1 555 010 0199",
        "type": "toll",
    }
]


def incident_attributes(
    grocer: Grocer,
    *,
    number: int,
    title: str,
    kind: str,
    declared_by: Record,
    called: bool,
    alerted: bool,
) -> dict[str, Any]:
    """A new incident's attributes, times not yet filled in.

    Args:
        grocer: the company.
        number: its `sequential_id`.
        title: its title.
        kind: `normal`, `test`, …
        declared_by: who declared it.
        called: whether people meet on a call about it.
        alerted: whether alerts told of it: otherwise it was not made from one.
    """
    random, workspace = grocer.random, grocer.workspace
    name = f"{number}-{slug(title)}"[:60].rstrip("-")
    channel = f"C{random.getrandbits(40):010X}"
    stamp = workspace.timestamp(workspace.now)
    attributes: dict[str, Any] = dict.fromkeys(_NAMES)
    attributes |= {
        "id": workspace.new_id(),
        "sequential_id": number,
        "title": title,
        "kind": kind,
        "slug": name,
        "private": False,
        "source": random.choice((*_SOURCES, "alert") if alerted else _SOURCES),
        "url": f"{URL}/incidents/{name}",
        "short_url": f"https://root.example/{random.getrandbits(30):06x}",
        "user": grocer.embed.wrap(declared_by),
        "environments": [],
        "incident_types": [],
        "services": [],
        "functionalities": [],
        "groups": [],
        "labels": {},
        "slack_channel_id": channel,
        "slack_channel_name": f"incident-{name}"[:75],
        "slack_channel_url": f"https://larder.slack.example/archives/{channel}",
        "slack_channel_short_url": f"https://root.example/s/{random.getrandbits(30):06x}",
        "slack_channel_deep_link": f"slack://channel?team=T0LARDER&id={channel}",
        "slack_channel_archived": False,
        "muted_service_ids": [],
        "retrospective_progress_status": "not_started",
        "created_at": stamp,
        "updated_at": stamp,
    }
    if called:
        attributes |= _call(grocer)
    return attributes


def _call(grocer: Grocer) -> dict[str, Any]:
    random = grocer.random
    meeting = str(random.randrange(10**10, 10**11))
    return {
        "zoom_meeting_id": meeting,
        "zoom_meeting_start_url": f"https://larder.zoom.example/s/{meeting}",
        "zoom_meeting_join_url": f"https://larder.zoom.example/j/{meeting}",
        "zoom_meeting_password": f"sandbox-secret-zoom-{random.getrandbits(40):010x}",
        "zoom_meeting_pstn_password": f"sandbox-secret-pstn-{random.randrange(10**6)}",
        "zoom_meeting_h323_password": f"sandbox-secret-h323-{random.randrange(10**6)}",
        "zoom_meeting_global_dial_in_numbers": _DIAL_IN,
    }
