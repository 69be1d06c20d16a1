"""Measures the project, beside generic loaders wherever they can do the same, in the same run.

`python -m benchmarks` (or `make bench`) runs what takes minutes: `loaders`, the way in beside dlt and
airbyte-cdk, and `destinations`, the same into other warehouses. By their names: `faults`, what each of
them lacks after bad days; `latency` and `limiter`, how long waiting takes; `million` and `models`, a long
history read and built. A server in a process of its own serves records from the sandbox; every contender
runs in a fresh process; what it has loaded is compared with what was served before its figures count.
"""
