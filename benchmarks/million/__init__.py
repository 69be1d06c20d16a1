"""A million incidents and five million alerts: `python -m benchmarks million`.

They are made while they are served, page by page, and kept nowhere but in the table that our sync
writes. A week of the sandbox's company is repeated week after week under ids and times of its own.
Then a thousand of them change, and the sync of these is set beside the same on a small history.
"""
