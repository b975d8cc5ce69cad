"""render.yaml matches the code that it deploys."""

import os
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from config import Config

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def blueprint() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "render.yaml").read_text())
    return loaded


@pytest.fixture(scope="module")
def web(blueprint: dict[str, Any]) -> dict[str, Any]:
    (service,) = (service for service in blueprint["services"] if service["type"] == "web")
    return service


def test_its_settings_are_valid_in_production(web: dict[str, Any]) -> None:
    """With values as Render generates them: 256 bits in base64, and URLs in its own network."""
    generated = {"generateValue": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=", "sync": "sk-entered-by-hand"}
    urls = {"fromDatabase": "postgresql://icmp:pw@dpg-1/icmp", "fromService": "redis://red-1:6379"}
    values: dict[str, str] = {"RENDER": "true", "PORT": "10000"}
    for variable in web["envVars"]:
        (source,) = variable.keys() - {"key"}
        values[variable["key"]] = {**generated, **urls}.get(source, variable.get("value"))
    config = Config.from_env(values)
    assert (config.env, config.host, config.port, config.trusted_proxies) == ("production", "0.0.0.0", 10000, 1)
    assert config.has_model
    assert config.redis_url == urls["fromService"]


def test_its_references_exist(blueprint: dict[str, Any], web: dict[str, Any]) -> None:
    sources = {variable["key"]: variable for variable in web["envVars"]}
    assert sources["DATABASE_URL"]["fromDatabase"]["name"] == blueprint["databases"][0]["name"]
    (counters,) = (service for service in blueprint["services"] if service["type"] == "keyvalue")
    assert sources["REDIS_URL"]["fromService"] == {
        "name": counters["name"],
        "type": "keyvalue",
        "property": "connectionString",
    }
    assert counters["ipAllowList"] == []
    assert int(blueprint["databases"][0]["postgresMajorVersion"]) >= 15


def test_its_commands_exist(app: Flask, web: dict[str, Any]) -> None:
    build = ROOT / web["buildCommand"]
    assert os.access(build, os.X_OK)
    assert (ROOT / "migrations" / "__main__.py").exists()
    assert web["preDeployCommand"] == "python -m migrations"
    assert shlex.split(web["startCommand"]) == ["gunicorn", "-c", "gunicorn.conf.py", "app:app"]
    assert app.test_client().get(web["healthCheckPath"]).status_code == 200


def test_shutdown_delay_exceeds_graceful_timeout(web: dict[str, Any]) -> None:
    config = Config.from_env({"ICMP_API_KEY": "master-key-of-the-tests"})
    assert config.turn_time_limit < config.graceful_timeout < web["maxShutdownDelaySeconds"] <= 300


def test_its_python_version_is_supported(web: dict[str, Any]) -> None:
    (version,) = (variable["value"] for variable in web["envVars"] if variable["key"] == "PYTHON_VERSION")
    least = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].removeprefix(">=")
    assert version.count(".") == 2  # Render requires three parts
    assert tuple(map(int, version.split("."))) >= tuple(map(int, least.split(".")))
