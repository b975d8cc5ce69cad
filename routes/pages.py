"""The front-end at /app/: its built files, and one page for every address in it."""

import secrets
from pathlib import Path

from flask import Blueprint, Response, redirect, request, send_from_directory
from werkzeug.exceptions import NotFound as NoSuchFile
from werkzeug.wrappers import Response as BaseResponse

from auth import public
from core.errors import NotFound

blueprint = Blueprint("pages", __name__)

BUILT = Path(__file__).parent.parent / "front-end" / "dist"

_NONCE = "__CSP_NONCE__"  # where vite.config.ts has put it
_FOR_EVER = "public, max-age=31536000, immutable"
_NOT_BUILT = "The front-end is not built: run `make install`, or `npm ci && npm run build` in front-end/."
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


@blueprint.get("/app")
@public
def to_pages() -> BaseResponse:
    """The address that people type."""
    return redirect("/app/")


@blueprint.get("/app/assets/<path:name>")
@public
def read_asset(name: str) -> Response:
    """A built file. Its name holds its hash, so that whoever has it never asks again; it lies there compressed too."""
    folder = _built() / "assets"
    for encoding, ending in _ENCODINGS:
        if request.accept_encodings.quality(encoding) and (folder / f"{name}{ending}").is_file():
            response = send_from_directory(folder, f"{name}{ending}", mimetype=_mimetype(name))
            response.headers["Content-Encoding"] = encoding
            break
    else:
        response = _sent(folder, name)
    response.headers["Cache-Control"] = _FOR_EVER
    response.headers["Vary"] = "Accept-Encoding"
    response.headers.update(_SAFE)
    return response


@blueprint.get("/app/icon.svg")
@public
def read_icon() -> Response:
    """The pages' icon, which has one name for ever and is asked for again."""
    response = _sent(_built(), "icon.svg")
    response.headers["Cache-Control"] = "no-cache"
    response.headers.update(_SAFE)
    return response


@blueprint.get("/app/")
@blueprint.get("/app/<path:path>")
@public
def read_page(path: str = "") -> Response:
    """The page, whatever its address: the front-end reads the address itself. Never cached, since its nonce counts once
    and the files that it names change."""
    index = BUILT / "index.html"
    if not index.is_file():
        return Response(f"{_NOT_BUILT}\n", status=503, mimetype="text/plain")
    nonce = secrets.token_urlsafe(16)
    response = Response(index.read_text().replace(_NONCE, nonce), mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = _policy(nonce)
    response.headers.update(_SAFE)
    return response


def _policy(nonce: str) -> str:
    """Scripts and data of our own alone; a style needs the nonce, which the page's style engine is given."""
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


def _sent(folder: Path, name: str) -> Response:
    try:
        return send_from_directory(folder, name)
    except NoSuchFile as error:
        raise NotFound("File not found.", remediation="Load the page again.") from error


def _mimetype(name: str) -> str:
    return "text/css" if name.endswith(".css") else "image/svg+xml" if name.endswith(".svg") else "text/javascript"
