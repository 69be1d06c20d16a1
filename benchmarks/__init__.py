"""Measures the way in against a tuned generic loader, in the same run and on the same served workspace.

`python -m benchmarks` (or `make bench`). A server in a process of its own serves incidents and
alerts from the sandbox; every contender runs in a fresh process; what it has loaded is compared
with what was served, value by value, before its figures count.
"""
