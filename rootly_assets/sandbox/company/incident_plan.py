"""How an incident will go: drawn when it begins, lived through as the clock runs."""

from dataclasses import dataclass
from datetime import timedelta

from rootly_assets.sandbox.company.failures import Failure
from rootly_assets.sandbox.company.grocer import Grocer

_KINDS = {
    "normal": 800,
    "normal_sub": 40,
    "test": 60,
    "test_sub": 5,
    "example": 6,
    "example_sub": 2,
    "backfilled": 40,
    "scheduled": 40,
    "scheduled_sub": 7,
}
_SEVERITIES = (4, 16, 45, 35)
# Median minutes to mitigation, worst severity first.
_MITIGATION = (38, 55, 110, 300)
LONGEST_LEAD = timedelta(minutes=90)
"""No alert fires earlier before the declaration of its incident than this."""


@dataclass(slots=True)
class Plan:
    """What will happen to an incident.

    All times count from its declaration, its `created_at`; those before it are negative.

    Attributes:
        kind: Rootly's kind.
        service: name of the service that fails first.
        failure: how.
        severity: index of the severity, worst first.
        triaged: whether it waits in triage first, and for how long.
        alerted: when each alert that tells of it fires, the earliest first.
        started: when customers began to feel it.
        detected: when we noticed; None where nobody writes it down.
        acknowledged: when somebody took it; None where nobody writes it down.
        mitigated: when customers stopped feeling it; None where that step is skipped.
        resolved: when it was over; None where it is cancelled.
        cancelled: when it turned out to be nothing; None where it was something.
        closed: when its retrospective was done with; None where it stays resolved.
    """

    kind: str
    service: str
    failure: Failure
    severity: int
    triaged: timedelta | None
    alerted: list[timedelta]
    started: timedelta
    detected: timedelta | None
    acknowledged: timedelta | None
    mitigated: timedelta | None
    resolved: timedelta | None
    cancelled: timedelta | None
    closed: timedelta | None

    @property
    def counts(self) -> bool:
        """Whether it is real work: neither test nor example."""
        return not self.kind.startswith(("test", "example"))


def draw_plan(grocer: Grocer) -> Plan:
    """Draw how the next incident will go."""
    random = grocer.random
    kind = random.choices(list(_KINDS), list(_KINDS.values()))[0]
    severity = random.choices(range(len(_SEVERITIES)), _SEVERITIES)[0]
    service = grocer.failing_service()
    rehearsal = kind.startswith(("test", "example"))
    triaged = grocer.span(12) if random.random() < 0.3 and not rehearsal else None
    begun = triaged or timedelta(0)
    acknowledged = begun + grocer.span(3) if random.random() < 0.8 else None
    mitigation = begun + grocer.span(8 if rehearsal else _MITIGATION[severity])
    ended = mitigation + grocer.span(6 if rehearsal else 45)
    resolved, cancelled = ended, None
    if random.random() < (0.3 if rehearsal else 0.05):
        ended = begun + grocer.span(20)
        resolved, cancelled = None, ended
    alerted = _alerted(grocer, ended) if kind.startswith(("normal", "test")) else []
    noticed = min([*alerted[:1], timedelta(0)])
    # Three in ten are never told to have begun before they were declared.
    started = timedelta(0)
    if random.random() < 0.7:
        started = noticed - grocer.span(4) if noticed else -grocer.span(9)
    detected = None
    if random.random() < 0.65:
        detected = max(noticed, started) if noticed else started * random.random()
    closed = None
    if resolved and random.random() < 0.55:
        closed = resolved + timedelta(days=random.uniform(1, 12))
    return Plan(
        kind=kind,
        service=service,
        failure=grocer.failure_of(service),
        severity=3 if rehearsal else severity,
        triaged=triaged,
        alerted=alerted,
        started=started,
        detected=detected,
        acknowledged=acknowledged,
        mitigated=mitigation if resolved and random.random() < 0.75 else None,
        resolved=resolved,
        cancelled=cancelled,
        closed=closed,
    )


def _alerted(grocer: Grocer, ended: timedelta) -> list[timedelta]:
    """When its alerts fire: mostly minutes before somebody declares it, a few of them afterwards."""
    random = grocer.random
    alerted: list[timedelta] = []
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        if random.random() < 0.88:
            alerted.append(-min(grocer.span(4, 1.0), LONGEST_LEAD))
        else:
            alerted.append(min(grocer.span(12), ended / 2))
    return sorted(alerted)
