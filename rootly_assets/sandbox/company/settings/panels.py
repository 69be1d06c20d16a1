"""The panels of the default dashboards: what each counts, sums or averages, and how it is drawn."""

from dataclasses import dataclass
from typing import Any

COUNTED_KINDS = ("normal", "normal_sub", "backfilled")


@dataclass(frozen=True)
class Panel:
    """A panel with the one dataset that it has.

    Attributes:
        title: shown above it.
        display: kind of chart.
        collection: what is counted: incidents, alerts, users …
        operation: count, sum or average.
        key: what is counted, summed or averaged.
        group_by: attribute that splits the dataset into series, or None.
        filter_key: attribute that the filter looks at; None for no filter.
        filter_values: values that the filter lets through.
    """

    title: str
    display: str
    collection: str
    operation: str
    key: str
    group_by: str | None = None
    filter_key: str | None = None
    filter_values: tuple[str, ...] = ()

    def params(self) -> dict[str, Any]:
        """The panel as `params` of the API, rules in one flat list."""
        rules = [
            {
                "operation": "or" if position else "and",
                "condition": "=",
                "key": self.filter_key,
                "value": value,
            }
            for position, value in enumerate(self.filter_values)
        ]
        return {
            "display": self.display,
            "description": "",
            "table_fields": [],
            "legend": {"groups": "all"},
            "datalabels": {"enabled": False},
            "datasets": [
                {
                    "name": self.title,
                    "collection": self.collection,
                    "filter": [{"operation": "and", "rules": rules}] if rules else [],
                    "group_by": self.group_by,
                    "aggregate": {
                        "operation": self.operation,
                        "key": self.key,
                        "cumulative": False,
                    },
                }
            ],
        }


def _incidents(title: str, display: str, key: str, group_by: str | None = None) -> Panel:
    operation = {"results": "count", "hours_worked_until_resolved": "sum"}.get(key, "average")
    return Panel(title, display, "incidents", operation, key, group_by, "kind", COUNTED_KINDS)


def _retrospectives(title: str, display: str, group_by: str | None = None) -> Panel:
    kind = "incidents.kind"
    collection = "incident_post_mortems"
    return Panel(title, display, collection, "count", "results", group_by, kind, COUNTED_KINDS)


def _alerts(title: str, display: str, key: str, group_by: str | None = None) -> Panel:
    operation = "count" if key == "results" else "average"
    return Panel(title, display, "alerts", operation, key, group_by)


def _line_and_pie(title: str, group_by: str) -> list[Panel]:
    displays = ("line_chart", "pie_chart")
    return [_incidents(title, display, "results", group_by) for display in displays]


INCIDENT_RESPONSE = [
    _incidents("# of Incidents", "aggregate_value", "results"),
    _retrospectives("# of Retrospectives", "aggregate_value"),
    Panel("# of Action Items", "aggregate_value", "incident_action_items", "count", "results"),
    _incidents("MTTD (Mean Time To Detection)", "aggregate_value", "detection_time"),
    _incidents("MTTA (Mean Time To Acknowledge)", "aggregate_value", "acknowledge_time"),
    _incidents("MTTM (Mean Time To Mitigation)", "aggregate_value", "mitigation_time"),
    _incidents("MTTR (Mean Time To Resolution)", "aggregate_value", "resolution_time"),
    *_line_and_pie("Incidents/Severity", "severity"),
    *_line_and_pie("Incidents/Environment", "environments"),
    *_line_and_pie("Incidents/Service", "services"),
    *_line_and_pie("Incidents/Functionality", "functionalities"),
    *_line_and_pie("Incidents/Type", "incident_types"),
    _retrospectives("Incident Retrospectives/Cause", "line_chart", "causes"),
    _retrospectives("Incident Retrospectives/Cause", "pie_chart", "causes"),
]
WORKLOAD = [
    _incidents(
        "Hours Worked (Using resolution time)", "column_chart", "hours_worked_until_resolved"
    ),
    _incidents(
        "Hours Worked by Incident (Using resolution time)", "table", "hours_worked_until_resolved"
    ),
    Panel(
        "Hours Worked by User (Using resolution time)",
        "table",
        "users",
        "sum",
        "hours_worked_until_resolved",
    ),
]
ON_CALL = [
    _alerts("Total Alerts", "line_chart", "results"),
    _alerts("Mean Time to Acknowledge", "line_chart", "acknowledge_time"),
    _alerts("Mean Time to Resolve", "line_chart", "resolution_time"),
    _alerts("MTTA by Responder", "line_chart", "acknowledge_time", "responders"),
    _alerts("MTTR by Service", "line_chart", "resolution_time", "services"),
    _alerts("Mean Time between Failure", "line_chart", "time_between_failure"),
    _alerts("Acknowledge Rate", "line_chart", "acknowledge_rate"),
    _alerts("Alerts by Source", "line_chart", "results", "source"),
    _alerts("Alerts by Source", "pie_chart", "results", "source"),
    _alerts("Alerts by Responder", "pie_chart", "results", "responders"),
    Panel(
        "Response Effort",
        "line_chart",
        "alerts",
        "sum",
        "resolve_time",
        None,
        "status",
        ("resolved",),
    ),
    _alerts("Alerts by Urgency", "line_chart", "results", "alert_urgency"),
    _alerts("Alerts by Escalation Policy", "pie_chart", "results", "escalation_policies"),
    _alerts("Alerts by Service", "line_chart", "results", "services"),
    _alerts("Alerts by Service", "pie_chart", "results", "services"),
    _alerts("Signal:Noise Ratio", "stacked_column_chart", "results", "noise"),
]
