"""The installer, with a small test package; `make soak` installs the real lock files."""

import hashlib
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.launched import Launched, messages, run_make
from tests.support.os_users import OsUser, make_checkout, os_user_for, wait_for
from tests.support.small_disk import small_disk

pytestmark = pytest.mark.slow

LOCK = "requirements/development.lock"


@pytest.fixture(scope="module")
def os_user() -> Iterator[OsUser]:
    yield from os_user_for(as_root=os.geteuid() == 0)


@pytest.fixture
def bare(checkout: Path) -> Path:
    """A checkout without a virtual environment."""
    shutil.rmtree(checkout / ".venv")
    return checkout


def rejected(os_user: OsUser, checkout: Path, *words: str, **settings: object) -> str:
    with Launched(os_user, ["make", "install", f"PYTHON={sys.executable}", *words], checkout, **settings) as make:
        return make.error_line()


def test_missing_python(os_user: OsUser, bare: Path) -> None:
    output = rejected(os_user, bare, "PYTHON=python9")
    assert output.startswith("icmp: there is no python9: install Python 3.11 to 3.13 and pass it to make")


def test_old_python(os_user: OsUser, bare: Path) -> None:
    (bare / "sitecustomize.py").write_text("import sys; sys.version_info = (3, 10, 12, 'final', 0)")
    assert rejected(os_user, bare, PYTHONPATH=str(bare)).startswith("icmp: this Python is too old: install Python 3.11")


def test_missing_venv_module(os_user: OsUser, bare: Path) -> None:
    """As on Debian without python3-venv."""
    (bare / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None")
    assert "Python's venv module is missing: install it" in rejected(os_user, bare, PYTHONPATH=str(bare))
    assert not (bare / ".venv").exists()


def test_missing_shell(os_user: OsUser, bare: Path) -> None:
    assert "icmp: there is no shell at /no/shell" in rejected(os_user, bare, "SHELL=/no/shell")


def test_full_disk(os_user: OsUser, folder: Path) -> None:
    """Reported before anything is created."""
    with small_disk(os_user, folder / "disk") as limits:
        (folder / "disk").mkdir(exist_ok=True)
        checkout = folder / "disk" / "checkout"
        checkout.mkdir()
        whole = make_checkout(os_user, folder / "whole")
        shutil.copytree(whole / "dev", checkout / "dev")
        (checkout / LOCK).parent.mkdir()
        for name in ("Makefile", LOCK):
            shutil.copy(whole / name, checkout / name)
        assert rejected(os_user, checkout, **limits).startswith("icmp: the disk is full: ")


def test_make_needs_no_tools_besides_a_shell(os_user: OsUser, checkout: Path) -> None:
    """It prints nothing when everything is installed."""
    make = shutil.which("make", path="/usr/bin:/bin")
    assert make
    with Launched(os_user, [make, "install", f"PYTHON={sys.executable}"], checkout, PATH="/nowhere") as installed:
        assert installed.process.wait(60) == 0, installed.output
        assert installed.wait_until_all_processes_ended() == ""


@pytest.mark.soak
def test_lock_is_installed_once_per_content(os_user: OsUser, bare: Path) -> None:
    """Again after an interrupted installation; two at the same time run one after the other."""
    install = ["install", f"PYTHON={sys.executable}"]
    package = bare / "a_package-1.0-py3-none-any.whl"
    with zipfile.ZipFile(package, "w") as wheel:
        wheel.writestr("a_package.py", "VALUE = 1\n")
        wheel.writestr("a_package-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: a-package\nVersion: 1.0\n")
        wheel.writestr(
            "a_package-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("a_package-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256(package.read_bytes()).hexdigest()

    lock = bare / LOCK
    lock.write_text(f"./{package.name} --hash=sha256:{'0' * 64}\n")
    failed = run_make(os_user, bare, *install)
    assert f"icmp: {LOCK} could not be installed (ERROR: " in failed.stdout
    assert "Traceback" not in failed.stdout
    assert "make: ***" in failed.stdout

    lock.write_text(f"./{package.name} --hash=sha256:{digest}\n")
    with (
        Launched(os_user, ["make", *install], bare) as first,
        Launched(os_user, ["make", *install], bare) as second,
    ):
        assert (first.process.wait(60), second.process.wait(60)) == (0, 0), first.output + second.output
        output = first.wait_until_all_processes_ended() + second.wait_until_all_processes_ended()
    assert sorted(messages(output)) == [
        f"icmp: installing {LOCK}",
        "icmp: waiting for another installation to finish",
    ]
    (installed,) = (bare / ".venv").rglob("a_package.py")
    assert run_make(os_user, bare, *install).stdout == ""

    installed.unlink()
    (bare / ".venv" / f"installed-{lock.stem}").write_text("unfinished")
    assert messages(run_make(os_user, bare, *install).stdout) == [f"icmp: installing {LOCK}"]
    assert installed.exists()


@pytest.mark.soak
def test_installation_ends_with_make(os_user: OsUser, bare: Path) -> None:
    with Launched(os_user, ["make", "install", f"PYTHON={sys.executable}"], bare) as make:
        wait_for((bare / ".venv" / "install.log").exists, "a running installation")
        make.process.kill()
        make.wait_until_all_processes_ended()
