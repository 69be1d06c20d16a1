"""Live call routers: the numbers that stores, couriers and the care desk ring in the night."""

from rootly_assets.sandbox.company.settings.entry import enter
from rootly_assets.sandbox.workspace import Workspace

ROUTERS = [
    ("Care desk hotline", "live", "US", "+15035550100"),
    ("Fulfilment centre line", "live", "US", "+15035550101"),
    ("Courier partner voicemail", "voicemail", "CA", "+16045550102"),
]
MUSIC = "https://storage.rootly.com/twilio/voicemail/ClockworkWaltz.mp3"


def populate(workspace: Workspace) -> None:
    """Add the routers, each with the teams that it can reach."""
    urgency = workspace.records("alert_urgencies")[0].id
    policies = workspace.records("escalation_policies")
    for position, (name, kind, country, number) in enumerate(ROUTERS):
        teams = workspace.records("groups")[position : position + 2]
        enter(
            workspace,
            "live_call_routers",
            {
                "kind": kind,
                "enabled": True,
                "name": name,
                "country_code": country,
                "phone_type": "local",
                "phone_number": number,
                "voicemail_greeting": "Nobody can answer now. Leave a message and we call back.",
                "caller_greeting": f"This is the {name.lower()}. Hold the line.",
                "unavailable_responder_message": None,
                "waiting_music_url": MUSIC,
                "sent_to_voicemail_delay": 60,
                "should_redirect_to_voicemail_on_no_answer": True,
                "escalation_level_delay_in_seconds": 45,
                "should_auto_resolve_alert_on_call_end": kind == "live",
                "notify_via_sms": True,
                "notify_via_push_notification": True,
                "informational_notification_message": None,
                "alert_urgency_id": urgency,
                "calling_tree_prompt": "Press 1 for orders, 2 for deliveries",
                "paging_targets": [
                    {"id": team.id, "type": "team", "alert_urgency_id": urgency} for team in teams
                ],
                "escalation_policy_trigger_params": {
                    "id": policies[position % len(policies)].id,
                    "type": "EscalationPolicy",
                },
            },
        )
