"""Parts of the server process that `gunicorn.conf.py` uses."""
