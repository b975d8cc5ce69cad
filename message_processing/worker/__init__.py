"""Runs turns.

- The scheduler orders the turns of each conversation and starts them, each in its own thread. A turn continues when
  its client disconnects.
- The worker runs one turn: it claims the turn, drives the pipeline and saves each step.
- The turn store reads and writes turns. Every write checks the lease, so a process that was presumed dead cannot
  overwrite the work of another.
- The lease monitor records a heartbeat, and takes over turns whose process has died.
"""
