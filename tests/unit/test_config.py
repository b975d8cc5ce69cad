"""Settings: their defaults, what is refused and in which words, and what is derived and kept."""

import dataclasses
import multiprocessing
import re
import stat
from pathlib import Path

import pytest

from config import Config, ConfigError

MASTER_KEY = "master-key-of-the-tests"
PRODUCTION = {"ICMP_ENV": "production", "DATABASE_URL": "postgresql://host/icmp", "ICMP_API_KEY": MASTER_KEY}


def read(**settings: str) -> Config:
    return Config.from_env({"ICMP_API_KEY": MASTER_KEY, **settings})


def test_nothing_is_needed_in_development(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = Config.from_env({})
    assert (config.env, config.host, config.port) == ("development", "127.0.0.1", 5000)
    assert config.data_dir == tmp_path / ".icmp"
    assert config.database_url is None
    assert config.db_pool_size == 10
    assert (config.openai_api_key, config.openai_base_url, config.openai_model) == (None, None, "gpt-4.1-mini")
    assert not config.has_model
    assert config.redis_url is None
    assert config.cors_origins == ("http://localhost:3000", "http://localhost:5173")
    assert (config.cookie_samesite, config.trusted_proxies) == ("Lax", 0)
    assert config.rate_limit_messages == "30 per minute"
    assert config.rate_limit_business == "600 per minute"
    assert config.rate_limit_login == "10 per minute"
    assert config.rate_limit_default == "1000 per hour"
    assert (config.web_concurrency, config.web_threads, config.turn_time_limit) == (2, 512, 60)
    assert config.graceful_timeout > config.turn_time_limit


def test_an_empty_setting_counts_as_not_set() -> None:
    """Hosts' forms leave them behind."""
    names = [name for name in _names_in_config() if name not in ("ICMP_API_KEY", "RENDER")]
    assert read(**dict.fromkeys(names, " ")) == read()


def test_production_serves_everybody_and_trusts_no_page() -> None:
    config = Config.from_env(PRODUCTION)
    assert config.in_production
    assert (config.host, config.cors_origins, config.trusted_proxies) == ("0.0.0.0", (), 0)


def test_on_render_production_is_the_default_behind_one_proxy() -> None:
    config = read(RENDER="true", DATABASE_URL="postgres://host/icmp")
    assert (config.env, config.trusted_proxies) == ("production", 1)
    assert read(RENDER="true", ICMP_ENV="development").env == "development"


@pytest.mark.parametrize("missing", ["DATABASE_URL", "ICMP_API_KEY"])
def test_production_refuses_to_start_without(missing: str) -> None:
    settings = {name: value for name, value in PRODUCTION.items() if name != missing}
    assert refused(settings).startswith(f"{missing} is not set: in production ")


MALFORMED = {
    "PORT": ["0", "65536", "http", "-1", "5000.0", "٥٠٠٠", "5" * 5000],
    "HOST": ["a b", "a..b", "http://127.0.0.1", "127.0.0.1:80", ":::", "x" * 64],
    "DATABASE_URL": [
        "mysql://host/icmp",
        "postgresql://host",
        "postgresql://host:port/icmp",
        "postgresql://host/icmp?no_such_option=1",
        "host",
        "postgresql://[::1/icmp",
    ],
    "DB_PORT": ["0", "five"],
    "DB_HOST": ["a b"],
    "DB_POOL_SIZE": ["0", "many", "1001"],
    "ICMP_API_KEY": ["short", "sixteen characters", "schlüssel-schlüssel", "0123456789\x0012345"],
    "ICMP_ENCRYPTION_KEY": ["a", "x" * 31, "thirty-two characters, with spaces", "ü" * 32],
    "ICMP_ENV": ["staging"],
    "OPENAI_BASE_URL": ["localhost:11434", "ftp://host/v1", "http://", "http://host:port"],
    "REDIS_URL": ["http://host", "redis://"],
    "CORS_ORIGINS": ["*", "shop.example.com", "https://shop.example.com/path", "https://a.example,null"],
    "COOKIE_SAMESITE": ["Strict", "yes"],
    "TRUSTED_PROXIES": ["-1", "11", "all"],
    "RATE_LIMIT_MESSAGES": ["30", "often"],
    "RATE_LIMIT_BUSINESS": ["30 per", "per minute"],
    "RATE_LIMIT_LOGIN": ["-1 per minute"],
    "RATE_LIMIT_DEFAULT": ["1 per fortnight"],
    "WEB_CONCURRENCY": ["0", "65"],
    "WEB_THREADS": ["3", "4097"],
    "TURN_TIME_LIMIT": ["0", "an hour"],
}
FREE = {"ICMP_DATA_DIR", "RENDER", "DB_NAME", "DB_USER", "DB_PASSWORD", "SECRET_KEY", "FLASK_SECRET_KEY"} | {
    "OPENAI_API_KEY",
    "OPENAI_MODEL",
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in MALFORMED for value in MALFORMED[name]])
def test_a_malformed_setting_is_named_in_one_sentence(name: str, value: str) -> None:
    said = refused({"ICMP_API_KEY": MASTER_KEY, "DB_NAME": "icmp", name: value})
    assert said.startswith(name)
    assert "\n" not in said
    assert len(said) < 6000


def test_every_setting_that_can_be_malformed_is_tried() -> None:
    assert _names_in_config() == set(MALFORMED) | FREE


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "OPENAI_BASE_URL"])
def test_a_refusal_repeats_no_password(name: str) -> None:
    assert "hunter2" not in refused({"ICMP_API_KEY": MASTER_KEY, name: "nonsense://user:hunter2@"})


def test_a_database_may_be_named_in_parts() -> None:
    parts = {"DB_NAME": "ic mp", "DB_USER": "an/na", "DB_PASSWORD": "p@ss:word", "DB_HOST": "db.example.com"}
    assert read(**parts).database_url == "postgresql://an%2Fna:p%40ss%3Aword@db.example.com:5432/ic%20mp"
    assert read(DB_NAME="icmp", DB_PORT="6543").database_url == "postgresql://localhost:6543/icmp"
    assert read(DB_NAME="icmp", DB_HOST="::1").database_url == "postgresql://[::1]:5432/icmp"
    assert read(DB_NAME="icmp", DB_HOST="/run/pg").database_url == "postgresql:///icmp?host=/run/pg&port=5432"
    assert read(DATABASE_URL="postgres://a/b", **parts).database_url == "postgresql://a/b"


@pytest.mark.parametrize("part", ["DB_HOST", "DB_USER", "DB_PASSWORD", "DB_PORT"])
def test_parts_without_a_name_are_not_ignored(part: str) -> None:
    assert refused({"ICMP_API_KEY": MASTER_KEY, part: "1"}).startswith(f"DB_NAME is not set, though {part} is")


def test_the_other_name_of_the_signing_key() -> None:
    assert read(FLASK_SECRET_KEY="older").secret_key == "older"
    assert read(SECRET_KEY="newer", FLASK_SECRET_KEY="older").secret_key == "newer"


def test_keys_are_derived_from_the_master_key_and_stay_the_same() -> None:
    """Values of HKDF-SHA256 (RFC 5869) without salt: another way to derive them would end every session, and leave
    every secret unreadable."""
    config = read()
    assert config.secret_key == "0c2c3b44d2e99e51d8401c914aad4f15953cf209ec96a4582d2d58fdf0cc3853"
    assert config.encryption_key == "8dbae403099c3a8e2c5f66ca97f66acc61790cdef8145d2144e6d2a4acfd0efa"
    assert config == read()
    other = Config.from_env({"ICMP_API_KEY": MASTER_KEY + "."})
    assert len({config.secret_key, config.encryption_key, other.secret_key, other.encryption_key}) == 4


def test_a_config_shows_no_secret() -> None:
    secrets = {
        name: f"very-secret-{name.lower()}-of-32-characters"
        for name in ("ICMP_API_KEY", "SECRET_KEY", "ICMP_ENCRYPTION_KEY", "OPENAI_API_KEY")
    }
    urls = {"DATABASE_URL": "postgresql://a:very-secret@host/icmp", "REDIS_URL": "redis://:very-secret@host"}
    assert "very-secret" not in repr(Config.from_env({**secrets, **urls}))


def test_a_config_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read().port = 1  # type: ignore[misc]


class TestKeptMasterKey:
    """Development makes a master key once."""

    def test_it_is_kept_for_whoever_made_it_alone(self, tmp_path: Path) -> None:
        key = _kept_key(tmp_path / "data")
        path = tmp_path / "data" / "master-key"
        assert key == path.read_text() == _kept_key(tmp_path / "data")
        assert len(key) >= 43
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_processes_that_start_at_once_agree_on_one(self, tmp_path: Path) -> None:
        with multiprocessing.get_context("spawn").Pool(4) as pool:
            for number in range(5):
                assert len(set(pool.map(_kept_key, [tmp_path / str(number)] * 8, chunksize=1))) == 1
                assert [path.name for path in (tmp_path / str(number)).iterdir()] == ["master-key"]

    @pytest.mark.parametrize("left", ["", "half-a-key"])
    def test_a_damaged_one_is_not_used(self, tmp_path: Path, left: str) -> None:
        (tmp_path / "master-key").write_text(left)
        assert "holds no master key: delete it" in refused({"ICMP_DATA_DIR": str(tmp_path)})

    def test_a_place_that_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        assert refused({"ICMP_DATA_DIR": str(tmp_path / "file" / "data")}).startswith("ICMP_DATA_DIR cannot be used")


def refused(settings: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        Config.from_env(settings)
    return str(caught.value)


def _kept_key(data_dir: Path) -> str:
    return Config.from_env({"ICMP_DATA_DIR": str(data_dir)}).master_key


def _names_in_config() -> set[str]:
    text = (Path(__file__).parents[2] / "config.py").read_text()
    return set(re.findall(r'(?:read\.\w+|environ\.get)\(\s*"([A-Z_]+)"', text))
