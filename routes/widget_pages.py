"""The script of the chat widget, and a plain page that shows it."""

import re
import secrets
from html import escape
from uuid import UUID

from flask import Blueprint, Response, request

from auth import public
from core.errors import NotFound
from routes.pages import read_built
from routes.widget_access import find_widget

blueprint = Blueprint("widget_pages", __name__)

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Chat widget</title>
<style nonce="{nonce}">
body {{ margin: 0 auto; max-width: 40rem; padding: 2rem 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1b1d21 }}
</style>
<script src="/widget.js" data-channel="{channel_id}"{attributes} async></script>
</head>
<body>
<main>
<h1>Chat widget</h1>
<p>This page shows how the chat looks on a website. Open it with the button in the corner.</p>
</main>
</body>
</html>
"""
_LANGUAGE = re.compile("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_CACHE = "public, max-age=300"  # the script's address stays the same when it changes


@blueprint.get("/widget.js")
@public
def read_script() -> Response:
    """The script that pages include, compressed if the client accepts it."""
    response = read_built("widget.js")
    response.headers["Cache-Control"] = _CACHE
    response.headers["Access-Control-Allow-Origin"] = "*"  # for pages that check its hash
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.get("/widget-demo/<channel_id>")
@public
def show_demo(channel_id: UUID) -> Response:
    """A plain page with the widget of a channel. `?language=ar` sets its language."""
    channel = find_widget(channel_id)
    settings = channel["settings"]
    language = request.args.get("language", "en")
    if not _LANGUAGE.fullmatch(language):
        raise NotFound("There is no page in this language.")
    nonce = secrets.token_urlsafe(16)
    names = [name for name in ("color", "position") if name in settings]
    attributes = "".join(f' data-{name}="{escape(settings[name])}"' for name in names)
    page = _PAGE.format(language=language, nonce=nonce, channel_id=channel_id, attributes=attributes)
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "connect-src 'self'",
            f"style-src 'nonce-{nonce}'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
        )
    )
    return response
