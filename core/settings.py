"""Reads typed settings from the environment and from `.env`, and validates them."""

import os
import re
from collections.abc import Mapping
from io import StringIO
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream

ENV_FILE = Path(__file__).resolve().parent.parent / ".env"
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*")
_RATE = re.compile(r"\d+ *(?:per|/) *(?:\d+ +)?(?:second|minute|hour|day)s?", re.IGNORECASE)


class StartupError(Exception):
    """The server cannot start. The message is one sentence that says what to do."""


class ConfigError(StartupError):
    """A setting is missing or malformed. The message is one sentence that names the setting and says what to do."""


def load_environment(env_file: Path = ENV_FILE) -> dict[str, str]:
    """The settings in `.env` next to the code, overridden by the process's environment variables.

    `PYTHON_DOTENV_DISABLED=1`, python-dotenv's own switch, leaves the file out; the tests set it. Raises ConfigError
    when the file cannot be read or parsed.
    """
    if os.environ.get("PYTHON_DOTENV_DISABLED") or not env_file.is_file():
        return dict(os.environ)
    try:
        text = env_file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigError(f"{env_file} is not UTF-8 text: save it as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{env_file} cannot be read ({error.strerror}).") from None
    for binding in parse_stream(StringIO(text)):
        if binding.error:  # python-dotenv itself only logs a warning and skips the line
            original = binding.original.string  # starts with the blank lines before the statement
            line = binding.original.line + original[: len(original) - len(original.lstrip())].count("\n")
            raise ConfigError(f"Line {line} of {env_file} is malformed: write NAME=value.")
    values = dotenv_values(stream=StringIO(text))
    return {name: value for name, value in values.items() if value is not None} | dict(os.environ)


class SettingsReader:
    """Reads one setting at a time. An empty value counts as not set, because hosting forms often leave empty ones."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> str | None:
        """The value without surrounding spaces."""
        return self._environ.get(name, "").strip() or None

    def integer(self, name: str, default: int, minimum: int, maximum: int) -> int:
        """A whole number within the limits, in ASCII digits."""
        text = self.text(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and minimum <= int(text[:9]) <= maximum and len(text) < 9):
            raise ConfigError(f"{name} must be a whole number from {minimum} to {maximum}, not {text!r}.")
        return int(text)

    def secret(self, name: str, min_length: int) -> str | None:
        """A key of at least `min_length` characters. The error message does not repeat it."""
        text = self.text(name)
        if text is not None and (len(text) < min_length or not text.isascii() or not text.isprintable() or " " in text):
            raise ConfigError(f"{name} must be {min_length} or more printable ASCII characters without spaces.")
        return text

    def secrets(self, name: str, min_length: int) -> tuple[str, ...]:
        """Several keys, separated by commas."""
        parts = [part.strip() for part in (self.text(name) or "").split(",")]
        keys = tuple(part for part in parts if part)
        if any(len(key) < min_length or not key.isascii() or not key.isprintable() or " " in key for key in keys):
            raise ConfigError(
                f"{name} must be keys of {min_length} or more printable ASCII characters without spaces,"
                " separated by commas."
            )
        return keys

    def hosts(self, name: str) -> tuple[str, ...]:
        """Hosts, or hosts with a port, separated by commas: `api.internal`, `10.0.0.7:8080`, `[fd00::1]`."""
        parts = [part.strip() for part in (self.text(name) or "").split(",")]
        return tuple(_host_and_port(name, part) for part in parts if part)

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """One of the choices, in their spelling; upper and lower case in the value do not matter."""
        text = self.text(name) or default
        for choice in choices:
            if text.lower() == choice.lower():
                return choice
        raise ConfigError(f"{name} must be {', '.join(choices[:-1])} or {choices[-1]}, not {text!r}.")

    def host(self, name: str) -> str | None:
        """A host name or an IP address; the brackets of an IPv6 address are removed."""
        text = self.text(name)
        if text is None or _HOST.fullmatch(text):
            return text
        try:
            return str(ip_address(text.removeprefix("[").removesuffix("]")))
        except ValueError:
            raise ConfigError(f"{name} must be a host name or an IP address, not {text!r}.") from None

    def url(self, name: str, schemes: tuple[str, ...]) -> str | None:
        """A URL with one of the schemes. The error message does not repeat it, because it may contain a password."""
        text = self.text(name)
        if text is None:
            return None
        try:
            parts = urlsplit(text)
            is_valid = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_valid = False
        if not is_valid:
            prefixes = " or ".join(f"{scheme}://" for scheme in schemes)
            raise ConfigError(f"{name} must be a URL that starts with {prefixes} and contains a host.")
        return text

    def rate(self, name: str, default: str) -> str:
        """A rate limit such as `30 per minute`."""
        text = self.text(name) or default
        if not _RATE.fullmatch(text):
            raise ConfigError(f"{name} must look like '30 per minute', not {text!r}.")
        return text


def _host_and_port(name: str, text: str) -> str:
    """Returns the entry in the form in which hosts are compared."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port
        if text.startswith("["):
            host = f"[{ip_address(host)}]"
        is_valid = parts.netloc == text and "@" not in text and port != 0
    except ValueError:
        is_valid = False
    if not is_valid or not (_HOST.fullmatch(host) or host.startswith("[")):
        raise ConfigError(f"{name} must list hosts like api.example.com or 10.0.0.7:8080, not {text!r}.")
    return host if port is None else f"{host}:{port}"
