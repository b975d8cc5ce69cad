"""The demo shop: Brindlewick Home, invented, with all that the pages show. Set up on the first run, never twice, and
never in production. What it is made of lies beside this file as data; `__main__` makes it, through the API.

This part knows only the file with its credentials, `demo.json` in ICMP_DATA_DIR, and how to have it made.
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
SECONDS = 120.0
# The orders of which the shop knows: see shop.json.
TRY = {"user": {"external_id": "ada"}, "message": "where is my order A-10433?"}


@dataclass(frozen=True)
class Demo:
    """What is known of the demo shop. `business_id` is None where the database had businesses already, and so wants no
    demo; `is_complete` is false while it is being made, and stays so where that was cut short."""

    database: str  # a digest of the address, or "embedded"
    is_complete: bool
    business_id: str | None = None
    user_id: str | None = None  # its owner
    business_key: str | None = None


def read_demo(data_dir: Path) -> Demo | None:
    try:
        return Demo(**json.loads((data_dir / "demo.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write_demo(data_dir: Path, demo: Demo) -> None:
    """Whole or not at all, and readable by its owner only, since it holds a key."""
    draft = data_dir / "demo.json.draft"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(demo), file)
    draft.rename(data_dir / "demo.json")


def name_database(database_url: str | None) -> str:
    """How `demo.json` names a database; None is the embedded one, whose address changes with every start."""
    return hashlib.sha256(database_url.encode()).hexdigest()[:16] if database_url else "embedded"


def set_up_demo(data_dir: Path, database: str) -> None:
    """Make the demo shop, unless it was made before; DATABASE_URL and the like are in the environment. In a process of
    its own: a server must not have used the embedding model or the database before it forks. Whatever goes wrong costs
    only the demo, and is told in a sentence."""
    demo, data = read_demo(data_dir), data_dir / "postgres" / "PG_VERSION"
    is_of_this = demo is not None and demo.database == database and demo.is_complete
    if is_of_this and database == "embedded" and data.exists():
        # A database that was thrown away and made anew is another one.
        is_of_this = data.stat().st_mtime <= (data_dir / "demo.json").stat().st_mtime
    if is_of_this:
        return
    announce("icmp: setting up the demo shop (first run only)")
    try:
        made = subprocess.run(
            [sys.executable, "-m", "dev.demo", database, str(os.getpid())],
            cwd=FOLDER.parent.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        problem = (made.stderr.strip().splitlines() or ["no reason given"])[-1] if made.returncode else None
    except (OSError, subprocess.TimeoutExpired) as error:
        problem = type(error).__name__
    if problem:
        announce(f"icmp: the demo shop could not be set up ({problem}); everything else works.")


def describe_demo(data_dir: Path, address: str, database: str) -> list[str]:
    """What whoever started the server is told of the demo shop; nothing where there is none."""
    demo = read_demo(data_dir)
    if demo is None or not demo.is_complete or demo.business_id is None or demo.database != database:
        return []
    body = json.dumps(TRY)
    return [
        "Demo shop: Brindlewick Home",
        f"  business id   {demo.business_id}",
        f"  user id       {demo.user_id}",
        f"  business key  {demo.business_key}",
        f"Sign in with these three at {address}/app/, as with a business key.",
        "Try it:",
        f"  curl -s {address}/api/v1/messages -H 'Authorization: Bearer {demo.business_key}'"
        f" -H 'Content-Type: application/json' -d '{body}'",
    ]
