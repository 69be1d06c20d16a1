"""Which attributes hold credentials, and which hold personal data, by name.

Lists only; `rootly_assets.api.redaction` applies them. The credentials are those that the API is
known to return; personal data are the attributes in which the published document puts names of
people, e-mail addresses and telephone numbers. Free text (titles, summaries, messages) is nobody's
list and stays as it is.
"""

# Replaced by null wherever they occur, at any depth, whatever they hold.
SECRET_KEYS: frozenset[str] = frozenset(
    {
        "authentication_password",  # status pages
        "custom_headers",  # webhook endpoints: whatever authorizes us at the receiver
        "password",  # meetings that a workflow task creates
        "ping_url",  # heartbeats: whoever knows it can keep one alive
        "secret",  # alert sources, heartbeats, webhook endpoints, secrets
        "webhook_endpoint",  # alert sources: whoever knows it can raise alerts
        "zoom_meeting_h323_password",
        "zoom_meeting_password",
        "zoom_meeting_pstn_password",
        "zoom_meeting_start_url",  # starts the meeting as its host
    }
)

# Parameters of URLs and forms whose values are replaced in any text: `?pwd=` of a Zoom link is the
# meeting's password, and whatever else is called so lets one in somewhere.
QUERY_KEYS: frozenset[str] = frozenset(
    {
        "access_token",
        "api_key",
        "apikey",
        "auth_token",
        "client_secret",
        "passcode",
        "passwd",
        "password",
        "pwd",
        "refresh_token",
        "secret",
        "token",
    }
)

# Where an object names its attribute instead of having it (`{"field": "secret", "to": "…"}`): what may name
# it, and what may then hold its value.
PAIR_NAMES: tuple[str, ...] = ("attribute", "field", "key", "name")
PAIR_VALUES: frozenset[str] = frozenset(
    {"after", "before", "from", "new", "new_value", "old", "old_value", "to", "value", "values"}
)

# Replaced by null only inside resources of these types, or below an attribute of one of these
# names: a heartbeat's address works like its secret, everybody else's is an e-mail address.
HEARTBEAT_NAMES: frozenset[str] = frozenset({"heartbeat", "heartbeats"})
HEARTBEAT_SECRET_KEYS: frozenset[str] = frozenset({"email_address"})

# Replaced by null only below an attribute of one of these names: whatever a workflow's request shows
# to authorize itself at the receiver. Elsewhere headers are an alert's own, or a table's.
TASK_NAMES: frozenset[str] = frozenset({"task_params"})
TASK_SECRET_KEYS: frozenset[str] = frozenset({"headers"})

# The same where the task says that it is one of these: an issue's or an e-mail's body is no request's.
REQUEST_TASKS: frozenset[str] = frozenset({"http_client"})
REQUEST_SECRET_KEYS: frozenset[str] = frozenset({"body", "params"})

# Resources that are credentials through and through: nothing but id and type is kept.
SECRET_TYPES: frozenset[str] = frozenset({"secret", "secrets"})
SECRET_CONTENTS: frozenset[str] = frozenset({"attributes", "object", "object_changes", "value"})

# Attributes that say what kind of resource an object is: its own, and what an audit is about.
KIND_KEYS: tuple[str, ...] = ("type", "item_type")

# Names that can only be a person's.
NAME_KEYS: frozenset[str] = frozenset(
    {"first_name", "full_name", "full_name_with_team", "last_name", "preferred_name", "user_name"}
)

# `name` is a person's where the object is one: a resource of these types, or below one of these
# attributes, or one whose name ends so (`started_by`, `notified_users`).
PERSON_TYPES: frozenset[str] = frozenset({"user", "users"})
PERSON_ATTRIBUTES: frozenset[str] = frozenset(
    {
        "assigned_to",
        "assignee",
        "communication_external_group_members",
        "members",
        "responders",
        "user",
        "user_target",
        "users",
    }
)
PERSON_SUFFIXES: tuple[str, ...] = ("_by", "_user", "_users")
# A text there is a name too, unless it is an id. Not so below `created_by` and its like: `desktop_sdk`, `api`.
PERSON_TEXTS: frozenset[str] = frozenset({"assigned_to", "assignee", "user"})

# What names the members of a panel's numbers: these collections are people, and these groupings are or
# may be (a custom field may hold users).
PANELS_OF_PEOPLE: frozenset[str] = frozenset({"users"})
GROUPS_OF_PEOPLE: frozenset[str] = frozenset({"custom_field", "incident_role", "responders"})

EMAIL_KEYS: frozenset[str] = frozenset(
    {
        "alerts_email_address",
        "assign_user_email",
        "create_as_email",
        "email",
        "email_address",
        "emails",
        "notify_emails",
        "reporter_user_email",
        "slack_emails",
        "user_email",
    }
)

# Parameters of workflow tasks that may hold addresses or other things: only values with an "@"
# count.
MAYBE_EMAIL_KEYS: frozenset[str] = frozenset(
    {"alternative_hosts", "attendees", "bcc", "cc", "from", "to"}
)

PHONE_KEYS: frozenset[str] = frozenset({"phone", "phone_2", "phone_number", "phone_numbers"})

# In objects below one of the lists above: `phone_numbers: [{"number": …}]`, `emails: [{"address": …}]`.
CONTACT_KEYS: frozenset[str] = frozenset({"address", "number", "value"})
