"""Recordings of the calls that the longer incidents were worked on in."""

from datetime import datetime

from rootly_assets.sandbox.company.settings.entry import enter, later
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

RECORDED_SHARE = 0.25
WORDS_A_MINUTE = 110
# What made a recording; nobody's name.
SOURCES = ("desktop_sdk", "recall_bot")


def populate(workspace: Workspace) -> None:
    """Record the calls of a quarter of the incidents that are resolved so far."""
    follow(workspace, workspace.records("incidents"))


def follow(workspace: Workspace, incidents: list[Record]) -> None:
    """Record the calls of a quarter of those of the incidents that are resolved."""
    for incident in incidents:
        attributes = incident.attributes
        if attributes["resolved_at"] and workspace.random.random() < RECORDED_SHARE:
            _recording(workspace, incident, attributes["created_at"], attributes["resolved_at"])


def _recording(workspace: Workspace, incident: Record, opened: str, resolved: str) -> None:
    lasted = datetime.fromisoformat(resolved) - datetime.fromisoformat(opened)
    minutes = round(min(max(lasted.total_seconds() / 60, 5), 180), 1)
    began = later(workspace, opened, minutes=3)
    ended = later(workspace, began, minutes=minutes)
    number = incident.attributes["sequential_id"]
    enter(
        workspace,
        "meeting_recordings",
        {
            "platform": workspace.random.choice(["zoom", "google_meet"]),
            "session_number": 1,
            "status": "completed",
            "started_at": began,
            "ended_at": ended,
            "duration_minutes": minutes,
            "speaker_count": workspace.random.randint(2, 9),
            "word_count": int(minutes * WORDS_A_MINUTE),
            "transcript_summary": f"The responders worked on: {incident.attributes['title']}.",
            "title": f"Incident {number} call",
            "meeting_url": f"https://meet.larder.example/incidents/{number}",
            "video_url": None,
            "created_by": workspace.random.choice(SOURCES),
            "created_at": began,
            "updated_at": ended,
        },
        parents={"incident_id": incident.id},
    )
