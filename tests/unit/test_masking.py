"""Secrets are removed from what other systems return."""

import base64
import json
from html import escape
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_processing.api_calls.masking import Mask

VALUE = 'Hush+"ü"/ 42=='
MASK = Mask({"crm": VALUE, "pin": "12345678", "longer": "12345678-and-more"})


@pytest.mark.parametrize(
    "form",
    [
        VALUE, VALUE.upper(), VALUE.lower(), quote(VALUE), quote(VALUE, safe=""), quote(VALUE, safe="").lower(),
        quote_plus(VALUE), json.dumps(VALUE)[1:-1], json.dumps(VALUE, ensure_ascii=False)[1:-1],
        base64.b64encode(VALUE.encode()).decode(), base64.urlsafe_b64encode(VALUE.encode()).decode(),
        VALUE.encode().hex(), VALUE.encode().hex().upper(), escape(VALUE), escape(VALUE).replace("&quot;", "&#34;"),
    ],
)  # fmt: skip
def test_forms_of_a_secret_are_masked(form: str) -> None:
    assert MASK.text(f"key: {form}.").startswith("key: {secret.crm}")
    masked = MASK.value({"a": [f"x{form}y", {form: 1}], "b": 2})
    assert form.lower() not in json.dumps(masked, ensure_ascii=False).lower()
    assert masked["a"][0].startswith("x{secret.crm}") and masked["b"] == 2


@pytest.mark.parametrize("value", ["İstanbul-1", "12345678ΑΣ", "KELVIN\u212a1"])
def test_letters_that_change_in_lower_case_are_masked(value: str) -> None:
    for form in (value, value.lower(), value.upper(), f"x{value}y", f"{value}Ω"):
        assert Mask({"crm": value}).text(form).count("{secret.crm}") == 1


def test_longest_secret_is_masked_first() -> None:
    assert MASK.text("12345678-and-more") == "{secret.longer}"


@pytest.mark.parametrize(
    ("value", "masked"), [(12345678, "{secret.pin}"), (9123456780, "9{secret.pin}0"), (1234, 1234)]
)
def test_number_may_be_a_secret(value: Any, masked: Any) -> None:
    assert MASK.value([value]) == [masked]


def test_other_values_are_unchanged() -> None:
    value = {"a": [1, 2.5, None, True, "text", {"hush": []}]}
    assert MASK.value(value) is value
    assert Mask({}).text(VALUE) == VALUE


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from([VALUE, "12345678"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.just(VALUE), inner, max_size=3),
)


@given(json_values)
def test_no_json_value_keeps_a_secret(value: Any) -> None:
    written = json.dumps(MASK.value(value), ensure_ascii=False)
    assert VALUE not in written and "12345678" not in written
