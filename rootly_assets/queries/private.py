"""What a private incident is called in what is drawn and handed on: nobody learns there what it is about."""


def title(of: str = "fct_incidents") -> str:
    """SQL of what to call an incident: its number in place of its title where it is private.

    Args:
        of: name of `marts.fct_incidents` in the query.
    """
    number = f"coalesce(' ' || CAST({of}.sequential_id AS varchar), '')"
    return f"CASE WHEN {of}.is_private THEN 'Private incident' || {number} ELSE {of}.title END"


def url(of: str = "fct_incidents") -> str:
    """SQL of where Rootly shows an incident; none where it is private, since its title is in the address."""
    return f"CASE WHEN {of}.is_private THEN NULL ELSE {of}.url END"
