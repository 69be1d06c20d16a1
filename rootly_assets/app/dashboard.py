# /// script
# [tool.marimo.display]
# theme = "system"
# ///
"""The pages of the dashboard, as marimo runs them: `make dashboard`."""

import marimo

app = marimo.App(
    width="full",
    app_title="Rootly incidents",
    css_file="dashboard.css",
    html_head_file="dashboard_head.html",
)


@app.cell
def imports():
    import marimo as mo

    from rootly_assets.app.cards import render, waiting
    from rootly_assets.app.explore import FIRST_QUERY, answer, listed
    from rootly_assets.app.filters import PERIODS, RANGES, Filters, choices
    from rootly_assets.app.tabs import EXPLORE, OF_ALERTS, TABS
    from rootly_assets.app.trouble import shown_as_trouble
    from rootly_assets.charts.theme import GROUND
    from rootly_assets.queries.clocks import clocks, in_zone
    from rootly_assets.reader import Dataset
    from rootly_assets.settings import time_zone

    return (
        Dataset,
        EXPLORE,
        FIRST_QUERY,
        Filters,
        GROUND,
        OF_ALERTS,
        PERIODS,
        RANGES,
        TABS,
        answer,
        choices,
        clocks,
        in_zone,
        listed,
        mo,
        render,
        shown_as_trouble,
        time_zone,
        waiting,
    )


@app.cell
def controls(
    Dataset, EXPLORE, PERIODS, RANGES, TABS, choices, clocks, mo, shown_as_trouble, time_zone
):
    with shown_as_trouble():
        zone = time_zone()
        source = Dataset()
        with source.opened() as opened:
            members = choices(opened)
            known = clocks(opened)
    range_ = mo.ui.dropdown(RANGES, value="Last 90 days", label="Time")
    period = mo.ui.dropdown(PERIODS, value="By week", label="Trends")
    team, service, severity = (
        mo.ui.dropdown(
            {f"All {plural}": None, **{each: each for each in members[name]}},
            value=f"All {plural}",
            label=name.capitalize(),
            searchable=True,
        )
        for name, plural in (("team", "teams"), ("service", "services"), ("severity", "severities"))
    )
    tab = mo.ui.tabs(dict.fromkeys([*TABS, EXPLORE], ""))
    return known, period, range_, service, severity, source, tab, team, zone


@app.cell
def title(GROUND, OF_ALERTS, in_zone, known, mo, tab, zone):
    until = known.of("alerts" if tab.value in OF_ALERTS else "incidents")
    as_of = f"as of {in_zone(until, zone)}" if until else "not synced yet"
    # Twice: charts stand in shadow roots, for which marimo copies a sheet whose title begins so; that one the page
    # itself takes for an alternative, and leaves out.
    mo.Html(
        f'<style>{GROUND}</style><style title="marimo-charts">{GROUND}</style>'
        f'<header class="top"><h1>Rootly incidents</h1><p>{as_of}</p></header>'
    )


@app.cell
def header(mo, period, range_, service, severity, tab, team):
    # Apart from the title, which changes with the tab: what has the focus must not be drawn anew.
    mo.Html(
        f"""<div class="filters">{range_}{period}{team}{service}{severity}</div>
        <nav>{tab}</nav>"""
    )


@app.cell
def figures(
    EXPLORE,
    Filters,
    TABS,
    known,
    mo,
    period,
    range_,
    render,
    service,
    severity,
    shown_as_trouble,
    source,
    tab,
    team,
    waiting,
    zone,
):
    mo.stop(tab.value == EXPLORE)
    mo.output.replace(waiting())
    filters = Filters(
        until=known.of("incidents"),
        days=range_.value,
        period=period.value,
        time_zone=zone,
        team=team.value,
        service=service.value,
        severity=severity.value,
        clocks=known,
    )
    with shown_as_trouble(), source.opened() as one_state:
        shown = render(TABS[tab.value](one_state, filters))
    shown


@app.cell
def question(EXPLORE, FIRST_QUERY, listed, mo, shown_as_trouble, source, tab):
    mo.stop(tab.value != EXPLORE)
    with shown_as_trouble():
        all_tables = listed(source)
    query = mo.ui.text_area(FIRST_QUERY, rows=6, full_width=True, label="SQL, read only").form(
        submit_button_label="Run", bordered=False
    )
    mo.vstack([all_tables, query])
    return (query,)


@app.cell
def result(FIRST_QUERY, answer, query, source):
    answer(source, query.value or FIRST_QUERY)


if __name__ == "__main__":
    app.run()
