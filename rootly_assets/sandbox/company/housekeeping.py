"""Tidying up: what people rename, and what they delete for good."""

from datetime import timedelta
from random import Random

from rootly_assets.sandbox.company.grocer import Grocer
from rootly_assets.sandbox.record import Record

_EVERY = timedelta(hours=9)


class Housekeeping:
    """Edits and deletes a few records, again and again, from a moment on."""

    def __init__(self, grocer: Grocer, *, first: timedelta) -> None:
        self._grocer = grocer
        self._turn = 0
        grocer.workspace.at(grocer.workspace.now + first, self._tidy)

    def _tidy(self) -> None:
        workspace = self._grocer.workspace
        chores = (
            self._delete_rehearsal,
            self._describe_service,
            self._delete_action_item,
            self._delete_note,
            self._move_colleague,
        )
        chores[self._turn % len(chores)]()
        self._turn += 1
        workspace.at(workspace.now + _EVERY * workspace.random.uniform(0.5, 1.5), self._tidy)

    def _delete_rehearsal(self) -> None:
        rehearsals = [
            incident
            for incident in self._grocer.workspace.records("incidents")
            if incident.attributes["kind"].startswith(("test", "example"))
        ]
        self._delete(rehearsals)

    def _delete_action_item(self) -> None:
        self._delete(self._grocer.workspace.records("incident_action_items"))

    def _delete_note(self) -> None:
        self._delete(self._grocer.workspace.records("incident_events"))

    def _delete(self, records: list[Record]) -> None:
        if records:
            record = self._random.choice(records)
            self._grocer.workspace.delete(record.type, record.id)

    def _describe_service(self) -> None:
        service = self._random.choice(self._grocer.workspace.records("services"))
        owner = self._grocer.organization.owners[service.attributes["name"]]
        when = self._grocer.workspace.now.date().isoformat()
        self._grocer.workspace.update(
            "services", service.id, description=f"Reviewed by {owner} on {when}"
        )

    def _move_colleague(self) -> None:
        user = self._random.choice(self._grocer.workspace.records("users"))
        zone = self._random.choice(("America/Los_Angeles", "America/New_York", "Europe/Berlin"))
        self._grocer.workspace.update("users", user.id, time_zone=zone)

    @property
    def _random(self) -> Random:
        return self._grocer.random
