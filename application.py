"""The older name of the server's entry: `gunicorn application:application`."""

from app import app as application

__all__ = ["application"]
