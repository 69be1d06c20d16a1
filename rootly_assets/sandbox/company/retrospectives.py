"""What is learnt from an incident: its retrospective, follow-ups and people's feedback."""

from datetime import timedelta
from functools import partial

from rootly_assets.sandbox.company.follow_up import add_action_item
from rootly_assets.sandbox.company.grocer import URL, Grocer
from rootly_assets.sandbox.company.incident_plan import Plan
from rootly_assets.sandbox.record import Record

_FOLLOW_UPS = (
    "Alert on the leading signal, not on the customer's error",
    "Write a runbook for {service}",
    "Add a load test for the Sunday peak",
    "Put a circuit breaker between {service} and its dependencies",
    "Canary releases of {service} for thirty minutes",
    "Renew certificates automatically",
    "Remove the last manual step from the failover",
)
_FEEDBACK = (
    (4, "Calm, quick, well told to customers"),
    (3, "Good work, but the second call bridge confused people"),
    (2, "We looked at the wrong dashboard for twenty minutes"),
    (1, "Nobody knew who was in command"),
    (0, "Paged at three for something that could wait"),
)


def plan_retrospective(grocer: Grocer, incident: Record, plan: Plan) -> None:
    """Begin a retrospective for what was grave enough, and publish most of them days later."""
    random, workspace = grocer.random, grocer.workspace
    for _ in range(random.choice((0, 0, 1, 2)) + (1 if plan.severity < 2 else 0)):
        summary = random.choice(_FOLLOW_UPS).format(service=plan.service)
        add_action_item(grocer, incident, "follow_up", summary, grocer.on_shift(plan.service))
    if random.random() < 0.12:
        _add_feedback(grocer, incident)
    if plan.severity > 2 or random.random() < 0.15:
        workspace.update("incidents", incident.id, retrospective_progress_status="skipped")
        return
    workspace.update("incidents", incident.id, retrospective_progress_status="active")
    retrospective = _add(grocer, incident, plan)
    if random.random() < 0.75:
        published = workspace.now + timedelta(days=random.uniform(1, 10))
        workspace.at(published, partial(_publish, grocer, incident, retrospective))


def _add(grocer: Grocer, incident: Record, plan: Plan) -> Record:
    workspace, attributes, failure = grocer.workspace, incident.attributes, plan.failure
    retrospective = workspace.add(
        Record(
            "incident_post_mortems",
            workspace.new_id(),
            {
                "title": attributes["title"],
                "content": f"<h2>What happened</h2><p>{failure.incident}.</p>"
                f"<h2>Why</h2><p>{failure.cause} in {plan.service}.</p>"
                f"<h2>What ended it</h2><p>{failure.remedy}.</p>",
                "status": "draft",
                "started_at": attributes["started_at"],
                "mitigated_at": attributes["mitigated_at"],
                "resolved_at": attributes["resolved_at"],
                "show_timeline": True,
                "show_timeline_trail": False,
                "show_timeline_genius": False,
                "show_timeline_tasks": False,
                "show_timeline_action_items": True,
                "show_timeline_order": "asc",
                "show_services_impacted": True,
                "show_functionalities_impacted": True,
                "show_groups_impacted": True,
                "show_alerts_attached": True,
                "url": f"{URL}/incidents/{attributes['slug']}/retrospective",
            },
            parents={"incident_id": incident.id},
        )
    )
    workspace.link(
        "incident_post_mortems", retrospective.id, "causes", [grocer.words.causes[failure.cause]]
    )
    return retrospective


def _publish(grocer: Grocer, incident: Record, retrospective: Record) -> None:
    workspace = grocer.workspace
    if workspace.get("incident_post_mortems", retrospective.id):
        workspace.update("incident_post_mortems", retrospective.id, status="published")
        workspace.update("incidents", incident.id, retrospective_progress_status="completed")


def _add_feedback(grocer: Grocer, incident: Record) -> None:
    rating, text = grocer.random.choices(_FEEDBACK, (30, 35, 20, 10, 5))[0]
    grocer.workspace.add(
        Record(
            "incident_feedbacks",
            grocer.workspace.new_id(),
            {"feedback": text, "rating": rating, "anonymous": grocer.random.random() < 0.4},
            parents={"incident_id": incident.id},
        )
    )
