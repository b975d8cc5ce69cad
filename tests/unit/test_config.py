"""Settings: defaults, validation errors, derived keys and the stored master key."""

import dataclasses
import multiprocessing
import re
import stat
from pathlib import Path

import pytest

from config import Config, ConfigError
from tests.conftest import MASTER_KEY

ROOT = Path(__file__).parents[2]
PRODUCTION = {"ICMP_ENV": "production", "DATABASE_URL": "postgresql://host/icmp", "ICMP_API_KEY": MASTER_KEY}


def read(**settings: str) -> Config:
    return Config.from_env({"ICMP_API_KEY": MASTER_KEY, **settings})


def test_default_model_is_always_allowed() -> None:
    assert read(ALLOWED_MODELS="small, large,").allowed_models == {"small", "large", "gpt-4.1-mini"}
    assert read(ALLOWED_MODELS="small", OPENAI_MODEL="llama").allowed_models == {"small", "llama"}


def test_development_needs_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = Config.from_env({})
    assert (config.env, config.host, config.port) == ("development", "127.0.0.1", 5000)
    assert config.data_dir == tmp_path / ".icmp"
    assert config.database_url is None
    assert config.db_pool_size == 10
    assert (config.openai_api_key, config.openai_base_url, config.openai_model) == (None, None, "gpt-4.1-mini")
    assert config.allowed_models is None
    assert not config.has_model
    assert config.redis_url is None
    assert config.cors_origins == ("http://localhost:3000", "http://localhost:5173", "http://127.0.0.1:3000")
    assert (config.cookie_samesite, config.trusted_proxies) == ("Lax", 0)
    assert config.rate_limit_messages == "30 per minute"
    assert config.rate_limit_business == "600 per minute"
    assert config.rate_limit_login == "10 per minute"
    assert config.rate_limit_default == "1000 per hour"
    assert (config.web_concurrency, config.web_threads, config.turn_time_limit) == (2, 512, 60)
    assert config.log_level == "info"
    assert config.model_timeout == 30
    assert config.graceful_timeout > config.turn_time_limit


def test_empty_setting_counts_as_not_set() -> None:
    """Hosting forms often leave empty values."""
    names = [name for name in _names_in_config() if name not in ("ICMP_API_KEY", "RENDER")]
    assert read(**dict.fromkeys(names, " ")) == read()


def test_production_listens_on_all_addresses_and_allows_no_origin() -> None:
    config = Config.from_env(PRODUCTION)
    assert config.in_production
    assert (config.host, config.cors_origins, config.trusted_proxies) == ("0.0.0.0", (), 0)
    assert config.signup == "closed"


def test_render_defaults_to_production_behind_one_proxy() -> None:
    config = read(RENDER="true", DATABASE_URL="postgres://host/icmp")
    assert (config.env, config.trusted_proxies) == ("production", 1)
    assert read(RENDER="true", ICMP_ENV="development").env == "development"


@pytest.mark.parametrize("missing", ["DATABASE_URL", "ICMP_API_KEY"])
def test_production_requires_setting(missing: str) -> None:
    settings = {name: value for name, value in PRODUCTION.items() if name != missing}
    assert rejected(settings).startswith(f"{missing} is not set: in production ")


MALFORMED = {
    "PORT": ["0", "65536", "http", "-1", "5000.0", "٥٠٠٠", "5" * 5000],
    "HOST": ["a b", "a..b", "http://127.0.0.1", "127.0.0.1:80", ":::", "x" * 64],
    "DATABASE_URL": [
        *("mysql://host/icmp", "postgresql://host", "postgresql://host:port/icmp", "host", "postgresql://[::1/icmp"),
        "postgresql://host/icmp?no_such_option=1",
    ],
    "DATABASE_DIRECT_URL": ["mysql://host/icmp", "postgresql://host/icmp?no_such_option=1"],
    "DB_PORT": ["0", "five"],
    "DB_HOST": ["a b"],
    "DB_POOL_SIZE": ["0", "many", "1001"],
    "ICMP_API_KEY": ["short", "sixteen characters", "schlüssel-schlüssel", "0123456789\x0012345"],
    "API_CALL_ALLOWED_HOSTS": ["http://a", "a/b", "a:b", "a:0", "u@a", "a b", "[::1", "fd00::1", "*", "a,b:99999"],
    "ICMP_ENCRYPTION_KEYS": ["a", f"{'x' * 32},short", f"{'x' * 32},{'y' * 20} {'y' * 20}", "ü" * 32],
    "ICMP_ENCRYPTION_KEY": ["a", "x" * 31, "thirty-two characters, with spaces", "ü" * 32],
    "ICMP_ENV": ["staging"],
    "OPENAI_BASE_URL": [
        *("localhost:11434", "ftp://host/v1", "http://", "http://host:port"),
        *("http://host/v1#part", "http://host/v1/completions", "http://host/v1/responses/", "http://host/a b"),
    ],
    "GRAPH_API_URL": ["localhost:8080", "ftp://host", "http://", "http://host:port"],
    "TELEGRAM_API_URL": ["localhost:8080", "ftp://host"],
    "MODEL_TIMEOUT": ["0", "-1", "3601", "30s", "0.5"],
    "REDIS_URL": ["http://host", "redis://"],
    "SIGNUP": ["yes", "invite"],
    "SMTP_URL": ["http://host", "smtp://", "smtp://user:hunter2@host:port"],
    "PUBLIC_URL": [
        "icmp.example.com",
        "ftp://host",
        "https://",
        "https://host/?a=1",
        "https://host/#a",
        "https://a@host",
    ],
    "CORS_ORIGINS": ["*", "shop.example.com", "https://shop.example.com/path", "https://a.example,null"],
    "COOKIE_SAMESITE": ["Strict", "yes"],
    "TRUSTED_PROXIES": ["-1", "11", "all"],
    "RATE_LIMIT_MESSAGES": ["30", "often"],
    "RATE_LIMIT_BUSINESS": ["30 per", "per minute"],
    "RATE_LIMIT_LOGIN": ["-1 per minute"],
    "RATE_LIMIT_DEFAULT": ["1 per fortnight"],
    "EVENT_QUOTA_MB": ["0", "1000001"],
    "EVENT_RETENTION_DAYS": ["0", "36501"],
    "WEBHOOK_RETENTION_DAYS": ["4", "36501"],
    "WEB_CONCURRENCY": ["0", "65"],
    "WEB_THREADS": ["3", "4097"],
    "MAX_TURNS_PER_BUSINESS": ["0", "4097"],
    "LIVE_CONNECTIONS": ["0", "10001"],
    "LIVE_CONNECTIONS_PER_BUSINESS": ["0", "many"],
    "TURN_TIME_LIMIT": ["0", "an hour"],
    "LOG_LEVEL": ["verbose", "critical"],
}
FREE = {"ICMP_DATA_DIR", "RENDER", "DB_NAME", "DB_USER", "DB_PASSWORD", "SECRET_KEY", "FLASK_SECRET_KEY"} | {
    *("OPENAI_API_KEY", "ALLOWED_MODELS", "OPENAI_MODEL", "OPENAI_EMBEDDING_MODEL"),
    "MAIL_FROM",  # tests/unit/test_mail.py
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in MALFORMED for value in MALFORMED[name]])
def test_malformed_setting_is_named_in_one_sentence(name: str, value: str) -> None:
    said = rejected({"ICMP_API_KEY": MASTER_KEY, "DB_NAME": "icmp", name: value})
    assert said.startswith(name)
    assert "\n" not in said
    assert len(said) < 6000


def test_every_setting_that_can_be_malformed_is_tested() -> None:
    assert _names_in_config() == set(MALFORMED) | FREE


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "OPENAI_BASE_URL", "SMTP_URL"])
def test_error_message_does_not_repeat_password(name: str) -> None:
    assert "hunter2" not in rejected({"ICMP_API_KEY": MASTER_KEY, name: "nonsense://user:hunter2@"})


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_DIRECT_URL"])
def test_unknown_parameter_of_the_database_url_is_named(name: str) -> None:
    url = "postgresql://user:hunter2@host/icmp?sslmode=require&pgbouncer=true"
    said = rejected({"ICMP_API_KEY": MASTER_KEY, "DB_NAME": "icmp", name: url})
    assert said == f'{name} has an unknown parameter: "pgbouncer".'


def test_database_can_be_set_in_parts() -> None:
    parts = {"DB_NAME": "ic mp", "DB_USER": "an/na", "DB_PASSWORD": "p@ss:word", "DB_HOST": "db.example.com"}
    assert read(**parts).database_url == "postgresql://an%2Fna:p%40ss%3Aword@db.example.com:5432/ic%20mp"
    assert read(DB_NAME="icmp", DB_PORT="6543").database_url == "postgresql://localhost:6543/icmp"
    assert read(DB_NAME="icmp", DB_HOST="::1").database_url == "postgresql://[::1]:5432/icmp"
    assert read(DB_NAME="icmp", DB_HOST="/run/pg").database_url == "postgresql:///icmp?host=/run/pg&port=5432"
    assert read(DATABASE_URL="postgres://a/b", **parts).database_url == "postgresql://a/b"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://host/v1/chat/completions", "http://host/v1"),
        ("http://host/v1/Chat/Completions/", "http://host/v1"),
        ("https://host/openai/deployments/gpt?api-version=1", "https://host/openai/deployments/gpt?api-version=1"),
        ("https://host/x/chat/completions?api-version=1", "https://host/x?api-version=1"),
        ("http://host", "http://host"),
    ],
)
def test_base_url_may_contain_the_rest_of_the_address(url: str, expected: str) -> None:
    assert read(OPENAI_BASE_URL=url).openai_base_url == expected


@pytest.mark.parametrize("part", ["DB_HOST", "DB_USER", "DB_PASSWORD", "DB_PORT"])
def test_database_part_without_name_is_rejected(part: str) -> None:
    assert rejected({"ICMP_API_KEY": MASTER_KEY, part: "1"}).startswith(f"DB_NAME is not set, but {part} is")


def test_direct_url_without_database_url_is_rejected() -> None:
    said = rejected({"ICMP_API_KEY": MASTER_KEY, "DATABASE_DIRECT_URL": "postgresql://host/icmp"})
    assert said.startswith("DATABASE_URL is not set, but DATABASE_DIRECT_URL is")


def test_flask_secret_key_is_accepted_as_signing_key() -> None:
    assert read(FLASK_SECRET_KEY="older").secret_key == "older"
    assert read(SECRET_KEY="newer", FLASK_SECRET_KEY="older").secret_key == "newer"


@pytest.mark.parametrize("name", ["ICMP_API_KEY", "SECRET_KEY", "FLASK_SECRET_KEY"])
def test_production_rejects_short_key(name: str) -> None:
    said = rejected({**PRODUCTION, name: "fifteen-letters"})
    assert said.startswith(f"{name} must ")
    assert "fifteen" not in said
    assert Config.from_env({**PRODUCTION, name: "sixteen-letters-"}).in_production


def test_public_url_has_no_slash_at_the_end() -> None:
    assert read(PUBLIC_URL="https://icmp.example.com/").public_url == "https://icmp.example.com"
    assert read().public_url is None


def test_front_end_may_be_opened_by_name_or_address_in_development() -> None:
    assert {"http://localhost:3000", "http://127.0.0.1:3000"} <= set(read().cors_origins)
    assert read(ICMP_ENV="development", CORS_ORIGINS="https://Shop.example/").cors_origins == ("https://shop.example",)


def test_keys_derived_from_master_key_do_not_change() -> None:
    """Values of HKDF-SHA256 (RFC 5869) without salt. Deriving them differently would end every session and make every
    secret unreadable."""
    config = read()
    assert config.secret_key == "0c2c3b44d2e99e51d8401c914aad4f15953cf209ec96a4582d2d58fdf0cc3853"
    assert config.encryption_keys == ("8dbae403099c3a8e2c5f66ca97f66acc61790cdef8145d2144e6d2a4acfd0efa",)
    assert config == read()
    other = Config.from_env({"ICMP_API_KEY": MASTER_KEY + "."})
    assert len({config.secret_key, *config.encryption_keys, other.secret_key, *other.encryption_keys}) == 4


def test_first_encryption_key_encrypts_and_all_decrypt() -> None:
    keys = ["a" * 32, "b" * 32, "c" * 32]
    derived = read().encryption_keys
    assert read(ICMP_ENCRYPTION_KEY=keys[0]).encryption_keys == (keys[0], *derived)
    several = read(ICMP_ENCRYPTION_KEYS=f"{keys[1]} , {keys[2]},", ICMP_ENCRYPTION_KEY=keys[0])
    assert several.encryption_keys == (keys[1], keys[2], keys[0], *derived)


def test_allowed_hosts_are_compared_in_one_form() -> None:
    config = read(API_CALL_ALLOWED_HOSTS="API.internal, 10.0.0.7:8080,[FD00:0::1], [::1]:80")
    assert config.api_call_allowed_hosts == ("api.internal", "10.0.0.7:8080", "[fd00::1]", "[::1]:80")


def test_repr_contains_no_secret() -> None:
    secrets = {
        name: f"very-secret-{name.lower()}-of-32-characters"
        for name in ("ICMP_API_KEY", "SECRET_KEY", "ICMP_ENCRYPTION_KEY", "OPENAI_API_KEY")
    }
    urls = {"DATABASE_URL": "postgresql://a:very-secret@host/icmp", "REDIS_URL": "redis://:very-secret@host"}
    assert "very-secret" not in repr(Config.from_env({**secrets, **urls}))


def test_config_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read().port = 1  # type: ignore[misc]


def test_env_example_lists_exactly_the_settings() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert all(line.startswith("#") for line in lines if line)
    assert {line[2:].partition("=")[0] for line in lines if re.match(r"# [A-Z_]+=", line)} == _names_in_config() - {
        "RENDER"  # set by the host
    }


class TestStoredMasterKey:
    """In development a master key is generated once."""

    def test_it_is_stored_readable_by_its_owner_only(self, tmp_path: Path) -> None:
        key = _stored_key(tmp_path / "data")
        path = tmp_path / "data" / "master-key"
        assert key == path.read_text() == _stored_key(tmp_path / "data")
        assert len(key) >= 43
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_processes_that_start_at_the_same_time_agree_on_one(self, tmp_path: Path) -> None:
        with multiprocessing.get_context("spawn").Pool(4) as pool:
            for number in range(5):
                assert len(set(pool.map(_stored_key, [tmp_path / str(number)] * 8, chunksize=1))) == 1
                assert [path.name for path in (tmp_path / str(number)).iterdir()] == ["master-key"]

    @pytest.mark.parametrize("left", ["", "half-a-key"])
    def test_damaged_key_is_rejected(self, tmp_path: Path, left: str) -> None:
        (tmp_path / "master-key").write_text(left)
        assert "contains no master key: delete it" in rejected({"ICMP_DATA_DIR": str(tmp_path)})

    def test_unwritable_directory_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        assert rejected({"ICMP_DATA_DIR": str(tmp_path / "file" / "data")}).startswith("ICMP_DATA_DIR cannot be used")


def rejected(settings: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        Config.from_env(settings)
    return str(caught.value)


def _stored_key(data_dir: Path) -> str:
    return Config.from_env({"ICMP_DATA_DIR": str(data_dir)}).master_key


def _names_in_config() -> set[str]:
    text = (ROOT / "config.py").read_text()
    return set(re.findall(r'(?:read\.\w+|environ\.get)\(\s*"([A-Z_]+)"', text))
