"""`make bench`: how fast ICMP is in comparison with a baseline that does the same work, mostly as ratios.

__main__.py      the command
figures.py       the figures, their targets, and how they are computed from the measured values
measure.py       one round: every load, on both servers
steady.py        the steady run: the same load for many minutes
load.py          the load generator: a closed loop with a fixed number of requests in flight
shops.py         the requests to ICMP and to the baseline
servers.py       starts and stops the processes
usage.py         the CPU time, memory and WAL that they use
model_server.py  a model server that takes a fixed time per call, in its own process
database.py      what a turn costs PostgreSQL, in detail: a command of its own
model_client.py  measures the model client alone
baseline.py      the baseline, with the tables of baseline.sql
report.py        RESULTS.md
"""
