"""The people: who they are, where they live, and how on-call reaches them."""

from datetime import timedelta
from typing import Any

from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.workspace import Workspace

DOMAIN = "larder.example"

# Name, team, time zone. Whoever stands first in a team leads it.
_PEOPLE = """
Maren Solberg | Platform | America/Los_Angeles
Dev Anand | Platform | America/Los_Angeles
Tobias Krämer | Platform | Europe/Berlin
Aoife Brennan | Platform | Europe/Dublin
Lucía Ferrer | Platform | Europe/Madrid
Priya Raman | Checkout | America/Los_Angeles
Jonah Whitfield | Checkout | America/Denver
Sasha Petrov | Checkout | Europe/Berlin
Emeka Obi | Checkout | Europe/London
Hana Sato | Checkout | America/Los_Angeles
Beatriz Lima | Payments | America/New_York
Callum Reid | Payments | Europe/London
Nadia Haddad | Payments | Europe/Berlin
Wei Zhang | Payments | America/Los_Angeles
Ingrid Nilsen | Search & Discovery | Europe/Berlin
Rafael Ortiz | Search & Discovery | America/Chicago
Meera Iyer | Search & Discovery | America/Los_Angeles
Oskar Lindqvist | Search & Discovery | Europe/Stockholm
Grace Mbeki | Fulfilment | America/Chicago
Tom Aldridge | Fulfilment | America/New_York
Yuki Tanaka | Fulfilment | America/Los_Angeles
Femi Adeyemi | Fulfilment | Europe/London
Clara Dubois | Delivery | America/New_York
Sam Okafor | Delivery | America/Chicago
Lena Vogel | Delivery | Europe/Berlin
Marcus Bell | Delivery | America/Los_Angeles
Anika Joshi | Storefront | America/Los_Angeles
Pedro Nunes | Storefront | Europe/Lisbon
Zoë Carver | Storefront | America/Denver
Ravi Menon | Storefront | America/New_York
Helga Brandt | Data Platform | Europe/Berlin
Isaac Levin | Data Platform | America/New_York
Thandi Nkosi | Data Platform | Europe/London
Kofi Mensah | Customer Care | America/New_York
Ruth Ellison | Customer Care | America/Los_Angeles
Dmitri Volkov | Security | Europe/Berlin
Alma Reyes | Security | America/Los_Angeles
"""
_FIRST_ID = 20411


def add_people(workspace: Workspace) -> dict[str, list[Record]]:
    """Add users with their addresses, numbers and rules; users by team, leader first."""
    teams: dict[str, list[Record]] = {}
    lines = _PEOPLE.strip().splitlines()
    for position, line in enumerate(lines):
        name, team, time_zone = (part.strip() for part in line.split("|"))
        joined = workspace.timestamp(workspace.now - timedelta(days=900 - 21 * position))
        user = _add_user(
            workspace,
            _FIRST_ID + 17 * position,
            name,
            team=team,
            time_zone=time_zone,
            joined=joined,
        )
        teams.setdefault(team, []).append(user)
    return teams


def flat(workspace: Workspace, user: Record) -> dict[str, Any]:
    """A user as action items and alert responders nest one: flat, with an integer id."""
    attributes = user.attributes
    numbers = workspace.nested("user_phone_numbers", "user_id", user.id)
    return {
        "id": int(user.id),
        "name": attributes["full_name"],
        "email": attributes["email"],
        "phone": numbers[0].attributes["phone"] if numbers else None,
        "phone_2": None,
        "first_name": attributes["first_name"],
        "last_name": attributes["last_name"],
        "full_name": attributes["full_name"],
        "full_name_with_team": attributes["full_name_with_team"],
        "time_zone": attributes["time_zone"],
        "created_at": attributes["created_at"],
        "updated_at": attributes["updated_at"],
    }


def _add_user(
    workspace: Workspace, id_: int, name: str, *, team: str, time_zone: str, joined: str
) -> Record:
    first, last = name.split(" ", 1)
    email = f"{_ascii(first)}.{_ascii(last)}@{DOMAIN}"
    phone = f"+1555{workspace.random.randrange(10**6, 10**7)}"
    times = {"created_at": joined, "updated_at": joined}
    user = workspace.add(
        Record(
            "users",
            str(id_),
            {
                "email": email,
                "first_name": first,
                "last_name": last,
                "full_name": name,
                "full_name_with_team": f"[{team}] {name}",
                "time_zone": time_zone,
                **times,
            },
        )
    )
    parents = {"user_id": user.id}
    address = workspace.add(
        Record(
            "user_email_addresses",
            workspace.new_id(),
            {"user_id": id_, "email": email, "primary": True, **times},
            parents=parents,
        )
    )
    number = workspace.add(
        Record(
            "user_phone_numbers",
            workspace.new_id(),
            {
                "user_id": id_,
                "phone": phone,
                "primary": True,
                "verified_at": joined,
                "verification_attempts_today": 0,
                **times,
            },
            parents=parents,
        )
    )
    reached = {
        "audible": (0, ["device", "sms", "call"]),
        "quiet": (5, ["email", "slack"]),
    }
    for position, (notification, (delay, contacts)) in enumerate(reached.items(), start=1):
        workspace.add(
            Record(
                "user_notification_rules",
                workspace.new_id(),
                {
                    "user_id": id_,
                    "delay": delay,
                    "position": position,
                    "user_email_address_id": address.id,
                    "user_call_number_id": number.id,
                    "user_sms_number_id": number.id,
                    "user_device_id": None,
                    "enabled_contact_types": contacts,
                    "notification_type": notification,
                    **times,
                },
                parents=parents,
            )
        )
    return user


def _ascii(word: str) -> str:
    plain = str.maketrans({"ä": "ae", "ö": "oe", "í": "i", "ë": "e", " ": "-"})
    return word.lower().translate(plain)
