"""The file `.env`: which values it sets, and what is wrong with a malformed one."""

import os
import re
from pathlib import Path

import pytest

from config import Config, ConfigError
from core.settings import load_environment
from tests.conftest import MASTER_KEY

ROOT = Path(__file__).parents[2]


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PYTHON_DOTENV_DISABLED")
    return tmp_path / ".env"


def test_values_are_read(env_file: Path) -> None:
    env_file.write_text("# a comment\nPORT=6001\nexport ICMP_API_KEY='master-key-of-a-file'\nHOST\nDB_HOST=\n")
    config = Config.from_env(load_environment(env_file))
    assert (config.port, config.master_key, config.host) == (6001, "master-key-of-a-file", "127.0.0.1")


def test_environment_variables_win(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file.write_text("PORT=6001\nOPENAI_MODEL=of-the-file\n")
    monkeypatch.setenv("PORT", "6002")
    monkeypatch.setenv("OPENAI_MODEL", "")  # unset for one command
    config = Config.from_env({**load_environment(env_file), "ICMP_API_KEY": MASTER_KEY})
    assert (config.port, config.openai_model) == (6002, "gpt-4.1-mini")
    assert "OPENAI_MODEL" not in os.environ or os.environ["OPENAI_MODEL"] == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PORT=6001\n\nOPENAI_API_KEY: sk-secret\n", "Line 3 of "),
        (b"PORT='6001\n", "Line 1 of "),
        (b"OPENAI_MODEL=\xff\n", "is not UTF-8 text"),
    ],
)
def test_malformed_file_is_rejected_in_one_sentence(env_file: Path, content: bytes, said: str) -> None:
    env_file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_environment(env_file)
    assert said in str(caught.value)
    assert str(env_file) in str(caught.value)
    assert "sk-secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file_is_no_error(env_file: Path) -> None:
    assert load_environment(env_file) == dict(os.environ)


def test_tests_never_read_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=6001\n")
    assert "PORT" not in load_environment(tmp_path / ".env")


def test_example_is_valid_when_uncommented(env_file: Path) -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    env_file.write_text("\n".join(line[2:] for line in lines if re.match(r"# [A-Z_]+=", line)))
    assert Config.from_env(load_environment(env_file)).port == 5000
