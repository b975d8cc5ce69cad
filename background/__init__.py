"""Work outside of requests and turns, in jobs that are stored in the database.

    jobs          adds jobs; what a handler gets and may raise
    runner        claims due jobs and runs them, each in its own thread
    maintenance   recurring jobs: partitions, and deleting what is no longer needed

A job is added in the transaction of the change that it belongs to, so it is not lost and not run without it. It runs at
least once: if its process dies, another process runs it again.
"""
