"""`make bench`: how fast ICMP is beside a plain floor that does the same work, as ratios (SPEC 11).

__main__.py      the command
figures.py       what is measured, what is a goal, and the arithmetic between the two
measure.py       one round: every load, on both servers
load.py          the load driver: a closed loop with so many requests in flight
shops.py         what is asked of ICMP, and of the floor
servers.py       starting, stopping and watching the processes
model_server.py  a model that takes a fixed time a call, in a process of its own
floor.py         the plain floor, with the tables of floor.sql
report.py        RESULTS.md
"""
