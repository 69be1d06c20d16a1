"""The company as those parts see it that make things happen: people, services, words, on-call."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from rootly_assets.sandbox.company.alert_sources import AlertSources
from rootly_assets.sandbox.company.embedding import Embedder
from rootly_assets.sandbox.company.escalation import Escalation
from rootly_assets.sandbox.company.failures import FAILURES, Failure
from rootly_assets.sandbox.company.on_call import OnCall
from rootly_assets.sandbox.company.teams import Organization
from rootly_assets.sandbox.company.vocabulary import Vocabulary
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

URL = "https://rootly.example/account"


@dataclass(frozen=True, slots=True)
class Grocer:
    """Everything that alerts and incidents refer to."""

    workspace: Workspace
    words: Vocabulary
    organization: Organization
    on_call: OnCall
    escalations: dict[str, Escalation]
    sources: AlertSources
    embed: Embedder = field(default_factory=Embedder)

    @property
    def random(self) -> Random:
        """The workspace's chance."""
        return self.workspace.random

    def failing_service(self) -> str:
        """The name of a service for the next failure, the frail ones more often."""
        weights = self.organization.weights
        return self.random.choices(list(weights), list(weights.values()))[0]

    def failure_of(self, service: str) -> Failure:
        """A way in which a service fails."""
        return self.random.choice(FAILURES[service])

    def team_of(self, service: str) -> Record:
        """The team that owns a service."""
        return self.organization.teams[self.organization.owners[service]]

    def on_shift(self, service: str) -> Record:
        """Who is on call now for a service."""
        return self.on_call.user_at(self.organization.owners[service], self.workspace.now)

    def anyone(self) -> Record:
        """Some user."""
        return self.random.choice(self.workspace.records("users"))

    def span(self, median_minutes: float, spread: float = 0.8) -> timedelta:
        """A duration that is mostly near its median, sometimes far longer."""
        minutes = median_minutes * self.random.lognormvariate(0, spread)
        return timedelta(seconds=round(minutes * 60))
