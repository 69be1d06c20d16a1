"""Documents on their way through the redactor."""

import json
from typing import Any

from rootly_assets.api.personal_data import PersonalData
from rootly_assets.api.redaction import Redactor
from rootly_assets_tests.api.redaction_reference import SALT, SETTINGS


def redacted(
    document: Any,
    setting: str = SETTINGS[0],
    within: str = "",
    secret_keys: frozenset[str] = frozenset(),
) -> Any:
    body = json.dumps(document).encode()
    redactor = Redactor(PersonalData.parse(setting), SALT, secret_keys=secret_keys)
    out = redactor.redact(body, within=within)
    return json.loads(out)


def wrapped(attributes: dict[str, Any], kind: str = "things") -> dict[str, Any]:
    return {"data": [{"id": "1", "type": kind, "attributes": attributes}]}
