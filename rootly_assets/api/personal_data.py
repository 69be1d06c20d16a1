"""The one setting that says what happens to personal data: kept, hashed or dropped, by kind."""

from enum import StrEnum

import msgspec

from rootly_assets.errors import NotConfigured

DEFAULT = "names=keep,emails=keep,phones=drop"


class Treatment(StrEnum):
    """What happens to a value."""

    KEEP = "keep"
    HASH = "hash"  # HMAC-SHA256 with the salt, in hexadecimal: joins still work
    DROP = "drop"  # null


class PersonalData(msgspec.Struct, frozen=True):
    """How each kind of personal data is treated."""

    names: Treatment = Treatment.KEEP
    emails: Treatment = Treatment.KEEP
    phones: Treatment = Treatment.DROP

    @property
    def hashes(self) -> bool:
        """Whether anything is to be hashed, so that a salt is needed."""
        return Treatment.HASH in (self.names, self.emails, self.phones)

    @classmethod
    def parse(cls, text: str) -> "PersonalData":
        """Read the setting: one word for all (`hash`), or `names=keep,emails=hash,phones=drop`.

        Kinds that are not named keep their default.

        Raises:
            NotConfigured: an unknown kind or treatment.
        """
        words = [word.strip().lower() for word in text.split(",") if word.strip()]
        try:
            if len(words) == 1 and "=" not in words[0]:
                treatment = Treatment(words[0])
                return cls(treatment, treatment, treatment)
            given = dict(word.split("=", 1) for word in words)
            kinds = {kind.strip(): Treatment(value.strip()) for kind, value in given.items()}
            return cls(**kinds)
        except (TypeError, ValueError):
            raise NotConfigured(
                f"ROOTLY_PERSONAL_DATA is {text!r}, but should be keep, hash or drop for all personal data, or "
                f"name each kind as in {DEFAULT}."
            ) from None
