"""The WSGI entry point under its older name: `gunicorn application:application`."""

from app import app as application

__all__ = ["application"]
