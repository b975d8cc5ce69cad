"""The demo business: Brindlewick Home, a fictional shop with data for every page. It is created on the first run, only
once, and never in production. Its data is in this directory; `__main__` creates it through the API.

This module only knows the file with the demo's credentials, `demo.json` in ICMP_DATA_DIR, and starts the creation.
"""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from core.logs import announce

FOLDER = Path(__file__).parent
TIMEOUT = 120.0  # seconds
# An order from shop.json.
EXAMPLE_REQUEST = {"user": {"external_id": "ada"}, "message": "where is my order A-10433?"}


@dataclass(frozen=True)
class Demo:
    """The content of `demo.json`. `business_id` is None when the database already had businesses and therefore gets no
    demo. `is_complete` is false during the creation, and stays false when that is interrupted."""

    database: str  # a digest of the URL, or "embedded"
    is_complete: bool
    business_id: str | None = None
    user_id: str | None = None  # its owner
    business_key: str | None = None


def read_demo(data_dir: Path) -> Demo | None:
    """The stored demo; None if there is none."""
    try:
        return Demo(**json.loads((data_dir / "demo.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write_demo(data_dir: Path, demo: Demo) -> None:
    """Stores the demo atomically, readable by its owner only because it contains a key."""
    draft = data_dir / "demo.json.draft"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(demo), file)
    draft.rename(data_dir / "demo.json")


def name_database(database_url: str | None) -> str:
    """The name of a database in `demo.json`. None is the embedded one, whose URL changes with every start."""
    return hashlib.sha256(database_url.encode()).hexdigest()[:16] if database_url else "embedded"


def set_up_demo(data_dir: Path, database: str) -> None:
    """Creates the demo business unless it exists, with the settings in the environment.

    This runs in a separate process, because a server must not use the embedding model or the database before it forks.
    A failure is announced and affects only the demo.
    """
    demo, data = read_demo(data_dir), data_dir / "postgres" / "PG_VERSION"
    exists = demo is not None and demo.database == database and demo.is_complete
    if exists and database == "embedded" and data.exists():
        # False for a database that was deleted and created again.
        exists = data.stat().st_mtime <= (data_dir / "demo.json").stat().st_mtime
    if exists:
        return
    announce("icmp: creating the demo business (first run only)")
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "dev.demo", database, str(os.getpid())],
            cwd=FOLDER.parent.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        problem = (ran.stderr.strip().splitlines() or ["no reason given"])[-1] if ran.returncode else None
    except (OSError, subprocess.TimeoutExpired) as error:
        problem = type(error).__name__
    if problem:
        announce(f"icmp: the demo business could not be created ({problem}); everything else works.")


def describe_demo(data_dir: Path, address: str, database: str) -> list[str]:
    """The lines that show how to use the demo business; none if there is none."""
    demo = read_demo(data_dir)
    if demo is None or not demo.is_complete or demo.business_id is None or demo.database != database:
        return []
    body = json.dumps(EXAMPLE_REQUEST)
    return [
        f"Demo business: Brindlewick Home, open it at {address}/app/demo",
        f"  business id   {demo.business_id}",
        f"  user id       {demo.user_id}",
        f"  business key  {demo.business_key}",
        "Try it:",
        f"  curl -s {address}/api/v1/messages -H 'Authorization: Bearer {demo.business_key}'"
        f" -H 'Content-Type: application/json' -d '{body}'",
    ]
