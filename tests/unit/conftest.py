"""Fixtures and settings for the tests of single modules."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

from llm.client import ModelClient
from message_processing import variables
from message_processing.variables import TemplateVariableProvider
from tests.support.fake_model import FakeModel

settings.register_profile("icmp", deadline=None)  # a busy machine makes any duration meaningless
settings.load_profile("icmp")


@pytest.fixture
def fake() -> Iterator[FakeModel]:
    """A model server that only this test uses."""
    with FakeModel() as fake:
        yield fake


@pytest.fixture
def model_client(fake: FakeModel) -> Iterator[ModelClient]:
    client = ModelClient("sk-test", fake.base_url)
    yield client
    client.close()


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Callable[..., Any]]:
    """Returns `register_provider`. Providers are removed after the test."""
    variables.all_providers()
    for name in ("_providers", "_by_name"):
        monkeypatch.setattr(TemplateVariableProvider, name, dict(getattr(TemplateVariableProvider, name)))
    return TemplateVariableProvider.register_provider
