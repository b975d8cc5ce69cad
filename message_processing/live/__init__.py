"""Live updates: tells connected clients what has changed, as small frames with IDs.

- `LiveUpdates` publishes frames. It is part of the application context.
- The hub holds the connections of one process and passes each frame to those of its business.
- A bus carries the frames to the other processes: Redis if it is configured, otherwise PostgreSQL's NOTIFY.

Frames are hints. After a gap, clients read the API again, so nothing depends on the arrival of a frame.
"""
