"""`dbt build` on a million incidents and five million alerts: `python -m benchmarks models`.

A company of the sandbox is synced once, and its raw tables are then repeated by SQL: as many
divisions side by side, each with services, teams and people of its own, and each division's half
year again and again, back in time. Children and links come along, so that every mart has its rows.
"""
