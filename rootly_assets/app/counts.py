"""Counts in words: a share with how many stand behind it, and how much of a long list is shown."""


def share_of(part: int, whole: int, more: str = "") -> str:
    """`50% (69 of 138)`, and more of how many in the same brackets."""
    return f"{part / whole:.0%} ({part:,} of {whole:,}{more})"


def cut_at(most: int, count: int, what: str = "") -> str:
    """`12 of 34 series shown.`, or nothing where all are."""
    return f"{most:,} of {count:,}{what and ' '}{what} shown." if count > most else ""
