"""`make run` and build.sh in a fresh clone, on a machine with only Python and make."""

import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.launched import MASTER_KEY, Launched, messages
from tests.support.os_users import ROOT, OsUser, make_checkout

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]
INSTALL_SECONDS = 1800.0
NOTHING_SET = {"WEB_CONCURRENCY": "", "WEB_THREADS": "", "PYTHONPATH": ""}
NOT_ON_THE_PATH = ("node", "nodejs", "npm", "npx", "corepack", "yarn", "pnpm", "psql", "postgres", "initdb", "uv")


@pytest.fixture
def path(os_user: OsUser) -> Iterator[str]:
    """The machine's tools without Node.js and PostgreSQL, and a Python that the user can run."""
    tools = os_user.home / "tools"
    tools.mkdir()
    for folder in ("/usr/bin", "/bin"):
        for tool in Path(folder).iterdir():
            if not tool.name.startswith(("python", *NOT_ON_THE_PATH)) and not (tools / tool.name).exists():
                (tools / tool.name).symlink_to(tool)
    # A script, because a venv created through a link would look for the standard library next to the link.
    (tools / "python3").write_text(f'#!/bin/sh\nexec {_python(os_user)} "$@"\n')
    (tools / "python3").chmod(0o755)
    yield str(tools)
    shutil.rmtree(tools)


@pytest.fixture
def clone(os_user: OsUser, folder: Path) -> Path:
    clone = make_checkout(os_user, folder / "clone")
    shutil.rmtree(clone / ".venv")
    shutil.rmtree(clone / "front-end" / "dist")
    if os_user.is_root:
        clone.chmod(0o700)
    return clone


def test_make_run(os_user: OsUser, clone: Path, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Only PORT is set, because 5000 may be in use here."""
    added: list[str] = []
    for start, number in (("first", signal.SIGINT), ("second", signal.SIGTERM), ("third", signal.SIGKILL)):
        begun = time.monotonic()
        with Launched(os_user, ["make", "run"], clone, PATH=path, **NOTHING_SET) as run:
            run.wait_until_ready(INSTALL_SECONDS)
            with capsys.disabled():
                who = "root" if os_user.is_root else "an ordinary user"
                print(f"\n{who}: the {start} start took {time.monotonic() - begun:.1f} s")
            master_key = (clone / ".icmp" / "master-key").read_text()
            assert f"Master key: {master_key}" in run.announced
            assert ("icmp: building the front-end" in run.announced) == (start == "first")
            assert (clone / "front-end" / "dist" / "index.html").is_file()
            run.key = master_key
            assert set(added) <= run.businesses()
            added.append(run.add_business(f"Shop-{number}"))
            run.end(run.process.pid, number, group=number == signal.SIGINT)
    assert not any((os_user.home / name).exists() for name in (".gunicorn", ".npm", ".icmp"))


def test_build_command_of_a_host(os_user: OsUser, clone: Path, path: str, new_database_url: str) -> None:
    """In a separate virtual environment without the development packages."""
    venv = clone.parent / "venv"
    assert os_user.run(["python3", "-m", "venv", str(venv)], clone, PATH=path, PYTHONPATH="").returncode == 0
    built = os_user.start(["bash", "./build.sh"], clone, PATH=f"{venv}/bin:{path}", PYTHONPATH="")
    output, _ = built.communicate(timeout=INSTALL_SECONDS)
    assert built.returncode == 0, output
    assert (clone / "front-end" / "dist" / "index.html").is_file()
    gunicorn: list[str | Path] = [venv / "bin" / "gunicorn", "-c", "gunicorn.conf.py", "app:app"]
    settings = {
        "RENDER": "true",
        "DATABASE_URL": new_database_url,
        "ICMP_API_KEY": MASTER_KEY,
        "OPENAI_API_KEY": "sk-none",
    }
    settings["PYTHONPATH"] = ""
    migrated = os_user.run([venv / "bin" / "python", "-m", "migrations"], clone, **settings)
    assert (migrated.returncode, messages(migrated.stdout)) == (0, ["icmp: the schema is up to date"])
    with Launched(os_user, gunicorn, clone, **settings) as server:
        server.wait_until_ready().end(server.process.pid, signal.SIGTERM)
    with Launched(os_user, gunicorn, clone, PYTHONPATH="", OPENAI_API_KEY="sk-none") as server:
        assert server.error_line().startswith("icmp: DATABASE_URL is not set and no embedded PostgreSQL is installed")


def _python(os_user: OsUser) -> str:
    """A Python that can create virtual environments: that of the tests if the user can run it."""
    for python in (sys.base_prefix + "/bin/python3", shutil.which("python3", path="/usr/bin:/usr/local/bin")):
        if python:
            try:
                asked = os_user.run([python, "-c", "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"], ROOT)
            except PermissionError:
                continue
            if asked.returncode == 0:
                return python
    pytest.skip("There is no Python that can create virtual environments and that the os_user can run.")
