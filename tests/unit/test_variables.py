"""The registry of template variables."""

import pytest

from message_processing import variables
from message_processing.templates.braces import is_name


def test_malformed_or_used_names_are_rejected() -> None:
    for name in ("user_name", "User Name", "summary", "2nd", "a-b", "", "é"):
        with pytest.raises(ValueError, match="malformed or already used"):
            variables.TemplateVariableProvider.register_provider(name)(lambda conn, **kwargs: "")
    with pytest.raises(ValueError, match="'stage' is malformed or already used"):
        variables.TemplateVariableProvider.register_provider("quite_new", aliases=["stage"])(lambda conn: "")
    assert variables.find_provider("quite_new") is None


def test_each_variable_has_a_description_and_an_example() -> None:
    for provider in variables.all_providers():
        assert provider.description.endswith("."), provider.name
        assert is_name(provider.name)
        assert provider.example, provider.name
