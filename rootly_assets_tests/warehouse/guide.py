"""The commands of a destination's guide, so that tests can carry out what it tells people to do."""

import re
from pathlib import Path

GUIDES = Path(__file__).parents[2] / "docs" / "destinations"


def blocks(guide: str, language: str) -> list[str]:
    """The blocks of code in a language, in order."""
    text = (GUIDES / guide).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
