# /// script
# [tool.marimo.display]
# theme = "system"
# ///
"""From a table to a DataFrame to a chart: a notebook to start from (`python -m rootly_assets notebook`)."""

import marimo

app = marimo.App(width="medium", app_title="Your Rootly data in Python")


@app.cell
def start():
    import altair as alt
    import marimo as mo

    import rootly_assets

    data = rootly_assets.dataset()
    mo.md(
        """
        # Your Rootly data in Python

        `rootly_assets.dataset()` reads the warehouse that your environment names. A table or a query
        becomes pandas (`.df()`), Arrow (`.arrow()`) or plain records (`.records()`). Nothing here writes.
        """
    )
    return alt, data, mo


@app.cell
def table(data):
    # A whole table. Marts are in the schema `marts`, the lists of the API in `rootly`.
    incidents = data.table("marts.fct_incidents").df()
    incidents[["sequential_id", "title", "severity_name", "started_at", "resolution_time_seconds"]]
    return (incidents,)


@app.cell
def pandas(incidents):
    # The strict population: no tests, examples, cancelled ones or duplicates.
    real = incidents[incidents["is_response_incident"] & ~incidents["is_deleted"]]
    real.groupby("severity_name")["resolution_time_seconds"].describe(percentiles=[0.5, 0.9])
    return (real,)


@app.cell
def sql(data):
    # A query, as Arrow: for Polars, DuckDB, or anything else that speaks it.
    weekly = data.sql("""
        SELECT date_trunc('week', started_on) AS week, severity_name AS severity, count(*) AS incidents
        FROM marts.fct_incidents
        WHERE is_response_incident AND has_plausible_start AND NOT is_deleted
        GROUP BY 1, 2 ORDER BY 1, 2
    """).arrow()
    weekly.schema
    return (weekly,)


@app.cell
def chart(alt, mo, weekly):
    # Altair takes frames of any kind; hover over a column for its figures.
    drawn = (
        alt.Chart(weekly)
        .mark_bar()
        .encode(
            alt.X("yearmonthdate(week):O", title="week of"),
            alt.Y("incidents:Q"),
            alt.Color("severity:N", title=None),
            tooltip=["week:T", "severity:N", "incidents:Q"],
        )
        .properties(width="container", height=260)
    )
    mo.ui.altair_chart(drawn)


@app.cell
def ours(data):
    # The charts of the report and the dashboard are functions: frames in, charts out.
    from rootly_assets.charts.incidents import resolution_by_severity
    from rootly_assets.queries.incidents import resolutions
    from rootly_assets.queries.populations import INCIDENTS

    resolution_by_severity(resolutions(data, INCIDENTS))


if __name__ == "__main__":
    app.run()
