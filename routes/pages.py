"""Serves the built front-end at /app/."""

import secrets
from pathlib import Path

from flask import Blueprint, Response, redirect, request, send_from_directory
from werkzeug.exceptions import NotFound as FileNotFound
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as BaseResponse

from auth import public
from core.errors import NotFound

blueprint = Blueprint("pages", __name__)

BUILT = Path(__file__).parent.parent / "front-end" / "dist"

_NONCE = "__CSP_NONCE__"  # the placeholder set in vite.config.ts
_CACHE_FOREVER = "public, max-age=31536000, immutable"
_NOT_BUILT = "The front-end is not built: run `make install`, or `npm ci && npm run build` in front-end/."
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@blueprint.get("/app")
@public
def redirect_to_pages() -> BaseResponse:
    """Redirect to the front-end."""
    return redirect("/app/")


@blueprint.get("/app/assets/<path:name>")
@public
def read_asset(name: str) -> Response:
    """A built file, compressed if the client accepts it. Its name contains a hash, so it can be cached forever."""
    response = read_built(name, "assets")
    response.headers["Cache-Control"] = _CACHE_FOREVER
    return response


@blueprint.get("/app/icon.svg")
@public
def read_icon() -> Response:
    """The icon. Its name has no hash, so browsers must revalidate it."""
    response = _send(_built(), "icon.svg")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/app/")
@blueprint.get("/app/<path:path>")
@public
def read_page(path: str = "") -> Response:
    """The front-end's HTML, for every URL below /app/. Not cached, because each response has its own nonce."""
    index = BUILT / "index.html"
    if not index.is_file():
        return Response(f"{_NOT_BUILT}\n", status=503, mimetype="text/plain")
    nonce = secrets.token_urlsafe(16)
    response = Response(index.read_text().replace(_NONCE, nonce), mimetype="text/html")
    response.headers["Content-Security-Policy"] = _policy(nonce)
    return response


def read_built(name: str, within: str = "") -> Response:
    """A file of the built front-end, or of the folder `within` it, compressed if the client accepts it. Raises
    NotFound."""
    folder = _built() / within
    for encoding, ending in _ENCODINGS:
        compressed = safe_join(str(folder), f"{name}{ending}")
        if request.accept_encodings.quality(encoding) and compressed and Path(compressed).is_file():
            response = send_from_directory(folder, f"{name}{ending}", mimetype=_mimetype(name))
            response.headers["Content-Encoding"] = encoding
            break
    else:
        response = _send(folder, name)
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _policy(nonce: str) -> str:
    """The Content-Security-Policy: only our own scripts and data. Styles need the nonce, which is passed to the style
    engine."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _built() -> Path:
    if not BUILT.is_dir():
        raise NotFound(_NOT_BUILT)
    return BUILT


def _send(folder: Path, name: str) -> Response:
    try:
        return send_from_directory(folder, name)
    except FileNotFound as error:
        raise NotFound("File not found.", remediation="Reload the page.") from error


def _mimetype(name: str) -> str:
    return "text/css" if name.endswith(".css") else "image/svg+xml" if name.endswith(".svg") else "text/javascript"
