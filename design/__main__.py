"""`python -m design`: exchanges the design of a business with a server, for git and CI. docs/design-as-code.md"""

import functools
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from design.archives import write_archive
from design.client import Client, ServerError
from design.folders import FolderError, read_folder, write_folder

_POLL = 1.0  # seconds
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_ENDED = ("finished", "cancelled", "failed")


@click.group()
@click.option("--url", envvar="ICMP_URL", required=True, help="Address of the server [ICMP_URL].")
@click.option("--key", envvar="ICMP_KEY", required=True, help="Key of the business [ICMP_KEY].")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def main(context: click.Context, url: str, key: str, as_json: bool) -> None:
    """Keep the design of a business in files.

    Exit codes: 0 success, 1 failure (also: differences with `plan --check`, tests that did not pass, a refused
    release), 2 wrong usage.
    """
    key = key.strip()  # secrets of CI may end with a line break
    if not (key.isascii() and key.isprintable()):
        raise click.BadParameter("The key has invalid characters.")
    context.obj = (Client(url, key), as_json)


def _command(function: Callable[..., None]) -> Callable[..., None]:
    """Pass the client and `as_json`, and report errors."""

    @functools.wraps(function)
    def run(**options: Any) -> None:
        client, as_json = click.get_current_context().obj
        try:
            function(client, as_json, **options)
        except ServerError as error:
            _fail(error.message, error.body or {}, as_json)
        except FolderError as error:
            _fail(str(error), {}, as_json)
        except OSError as error:
            _fail(f"{error.filename}: {error.strerror}", {}, as_json)

    return run


_folder = click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")


@main.command()
@_folder
@_command
def pull(client: Client, as_json: bool, folder: Path) -> None:
    """Write the design of the server into FOLDER. Files of the design that the server does not have are deleted."""
    changed = write_folder(folder, client.send("GET", "/design", params={"format": "json"})["files"])
    if as_json:
        click.echo(json.dumps({"changed": changed}))
    else:
        click.echo("\n".join(changed) if changed else "No changes.")


@main.command()
@_folder
@click.option("--check", is_flag=True, help="Exit with 1 if there are changes.")
@_command
def plan(client: Client, as_json: bool, folder: Path, check: bool) -> None:
    """Show what pushing FOLDER would change. Nothing is changed."""
    result = _put(client, folder, dry_run=True)
    _show_changes(result, as_json)
    if check and result["changes"]:
        click.get_current_context().exit(1)


@main.command()
@_folder
@_command
def push(client: Client, as_json: bool, folder: Path) -> None:
    """Change the design of the server to that of FOLDER."""
    _show_changes(_put(client, folder, dry_run=False), as_json)


@main.command()
@click.option("--repeat", type=click.IntRange(1, 3), default=1, help="How often each test runs.")
@click.option("--timeout", type=click.IntRange(1), default=600, help="Seconds to wait for the results.")
@_command
def test(client: Client, as_json: bool, repeat: int, timeout: int) -> None:
    """Run the tests of the business with the design on the server, published or not."""
    started = client.send("POST", "/test-runs", json={"release": "draft", "repeat": repeat})
    path = f"/test-runs/{started['test_run_id']}"
    run = _read_until(client, path, lambda each: each["status"] in _ENDED, timeout)
    if as_json:
        click.echo(json.dumps(run))
    else:
        for result in run["results"]:
            _show_result(result)
        click.echo(f"{run['passed']} passed, {run['failed']} failed, {run['unstable']} unstable.")
    if run["status"] != "finished" or run["passed"] < run["total"]:
        click.get_current_context().exit(1)


@main.command()
@click.option("--note", help="Why the design was changed.")
@click.option("--timeout", type=click.IntRange(1), default=600, help="Seconds to wait for the test cases.")
@_command
def publish(client: Client, as_json: bool, note: str | None, timeout: int) -> None:
    """Publish the draft, after the server has run its test cases."""
    started = client.send("POST", "/releases", json={"note": note} if note else {})
    path = f"/releases/{started['release_id']}"
    release = _read_until(client, path, lambda each: each["status"] != "checking", timeout)
    if as_json:
        click.echo(json.dumps(release))
    else:
        for failure in (release["check"] or {}).get("failures", []):
            click.echo(f"{failure['name']}: {failure['reason']}")
        click.echo(f"Release {release['number']} is {release['status']}.")
    if release["status"] != "published":
        click.get_current_context().exit(1)


def _put(client: Client, folder: Path, *, dry_run: bool) -> dict[str, Any]:
    archive, params = write_archive(read_folder(folder)), {"dry_run": str(dry_run).lower()}
    headers = {"Content-Type": "application/zip"}
    result: dict[str, Any] = client.send("PUT", "/design", content=archive, params=params, headers=headers)
    return result


def _show_changes(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(result))
        return
    for change in result["changes"]:
        name = " / ".join(each for each in (change["stage_name"], change["name"]) if each)
        fields = ", ".join(field["field"] for field in change["fields"]) if change["change"] == "changed" else ""
        text = " ".join(each for each in (_SIGNS[change["change"]], change["kind"], name) if each)
        click.echo(f"{text}: {fields}" if fields else text)
    number = len(result["changes"])
    done = "applied" if result["applied"] else "planned"
    click.echo(f"{number} change{'' if number == 1 else 's'} {done}." if number else "No changes.")


def _read_until(client: Client, path: str, has_ended: Callable[[Any], bool], timeout: int) -> dict[str, Any]:
    deadline = time.monotonic() + timeout
    while True:
        found: dict[str, Any] = client.send("GET", path)
        if has_ended(found):
            return found
        if time.monotonic() > deadline:
            raise ServerError(f"The server has not finished in {timeout} seconds.")
        time.sleep(_POLL)


def _show_result(result: dict[str, Any]) -> None:
    click.echo(f"{result['status']}: {result['name']}")
    if result["error"]:
        click.echo(f"  {result['error']}")
    for turn in result["turns"]:
        for check in turn["checks"]:
            if not check["passed"]:
                values = (json.dumps(check[name], ensure_ascii=False) for name in ("expected", "actual"))
                click.echo(f"  {check['check']}: expected {' but found '.join(values)}")


def _fail(message: str, body: dict[str, Any], as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps(body or {"message": message}))
    for each in body.get("details", []):
        where = f"{each['file']}:{each['line']}: " if "file" in each else ""
        field = "" if each["path"] == "$" else f"{each['path'].removeprefix('$.')}: "
        click.echo(f"{where}{field}{each['message']}", err=True)
    click.echo(f"Error: {message}", err=True)
    if body.get("remediation") and not body.get("details"):
        click.echo(body["remediation"], err=True)
    click.get_current_context().exit(1)


if __name__ == "__main__":
    main(prog_name="python -m design")
