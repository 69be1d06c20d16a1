"""Names of a run's steps, as run config and events know them."""

# The step that builds and tests the dbt models.
DBT_STEP = "rootly_dbt"


def step_name(domain: str) -> str:
    """The name of the step that reads the lists of a domain."""
    return f"rootly_{domain}"
