"""What becomes of the rows on a bad day: `python -m benchmarks faults`.

A server that cuts answers short, fails, refuses or changes while it is read; each contender reads
from it once, then once more after the fault is over. What it has then is compared with what the
server has.
"""
