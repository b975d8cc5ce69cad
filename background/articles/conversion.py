"""Converts uploaded files in processes of their own, which a hostile file can neither exhaust nor take over."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from background.articles.documents import Document, Format
from core.errors import Conflict, InvalidRequest

MAX_BYTES = 20 * 1024 * 1024  # of a file
MAX_SECONDS = 60.0  # that converting a file may take
MAX_CONVERSIONS = 2  # at the same time, in each process
MAX_WAIT = 30.0  # seconds until one of them has ended
MAX_OUTPUT_BYTES = 64 * 1024 * 1024
_ROOT = Path(__file__).parents[2]
_free = threading.BoundedSemaphore(MAX_CONVERSIONS)


def convert_file(data: bytes, file_format: Format, charset: str | None) -> tuple[list[Document], list[dict[str, Any]]]:
    """The articles that a file contains, and the rows of CSV that are none. Raises InvalidRequest if it cannot be read,
    and Conflict if too many others are being converted."""
    if not _free.acquire(timeout=MAX_WAIT):
        raise Conflict("Other files are being converted.", remediation="Try again in a minute.")
    try:
        result = _run(data, file_format, charset)
    finally:
        _free.release()
    if "problem" in result:
        raise InvalidRequest.at("$", result["problem"])
    return [Document(**each) for each in result["documents"]], result["skipped"]


def _run(data: bytes, file_format: Format, charset: str | None) -> dict[str, Any]:
    # Nothing of this process's environment, which contains keys.
    environment = {"PATH": os.defpath, "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    try:
        process = subprocess.run(  # noqa: S603 - the arguments are our own
            [sys.executable, "-m", "background.articles.convert", file_format, charset or ""],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=_ROOT,
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"problem": "The file takes too long to read. Split it, or save it in another format."}
    if process.returncode or len(process.stdout) > MAX_OUTPUT_BYTES:  # its memory or processor time was exhausted
        return {"problem": "The file cannot be read. It may be damaged or too large."}
    result: dict[str, Any] = json.loads(process.stdout)
    return result
