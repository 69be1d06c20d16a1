"""How many examples Hypothesis tries where a test says it: fewer where the profile is content with fewer."""

from hypothesis import settings


def examples(of_a_hundred: int) -> int:
    """So many where the profile tries a hundred of others, and in proportion where it tries fewer."""
    return max(1, of_a_hundred * settings.default.max_examples // 100)
