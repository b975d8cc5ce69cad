"""Template syntax."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_processing.templates.braces import Placeholder, is_name, normalise, placeholders, render


def known(**values: str) -> Callable[[Placeholder], str | None]:
    """The values of placeholders: a name without a value renders as its fallback or nothing; several words that name no
    variable stay."""

    def value_of(placeholder: Placeholder) -> str | None:
        if placeholder.name in values:
            return values[placeholder.name]
        return (placeholder.fallback or "") if placeholder.is_one_word else None

    return value_of


ADA = known(user_name="Ada", stage_list="A, B", **{"user.first_name": "Ada", "_x1": "x"})


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        # `{name}` and `{{name}}`, balanced, innermost, left to right
        ("Hello {user_name}!", "Hello Ada!"),
        ("Hello {{user_name}}!", "Hello Ada!"),
        ("{user_name}{user_name}", "AdaAda"),
        ("{{{user_name}}}", "{Ada}"),
        ("{{{{user_name}}}}", "{{Ada}}"),
        ("{{user_name}", "{Ada"),
        ("{user_name}}", "Ada}"),
        ("{ {user_name} }", "{ Ada }"),
        ("{user_name", "{user_name"),
        ("user_name}", "user_name}"),
        ("}{user_name}{", "}Ada{"),
        ("{x {user_name} y}", "{x Ada y}"),
        ("{{user_name} }", "{Ada }"),
        # a name begins with an ASCII letter or `_`, continues with letters, digits, `_`, inner spaces and dots
        ("{_x1}", "x"),
        ("{stage list}", "A, B"),
        ("{stage   list}", "A, B"),
        ("{user.first_name}", "Ada"),
        ("{1user_name}", "{1user_name}"),
        ("{.user_name}", "{.user_name}"),
        ("{user_name.}", "{user_name.}"),
        ("{user..first_name}", "{user..first_name}"),
        ("{user-name}", "{user-name}"),
        ("{élan}", "{élan}"),
        ("{имя}", "{имя}"),
        ("{user\nname}", "{user\nname}"),
        ("{}", "{}"),
        ("{{}}", "{{}}"),
        ("{ }", "{ }"),
        # ignores case and outer spaces
        ("{USER_Name}", "Ada"),
        ("{  user_name }", "Ada"),
        ("{{ Stage List }}", "A, B"),
        # and may end in `|fallback text`
        ("{nickname|there}", "there"),
        ("{user_name|there}", "Ada"),
        ("{{nickname|dear friend}}", "dear friend"),
        ("{ nickname | dear: friend? }", " dear: friend? "),
        ("{nickname|}", ""),
        ("{nickname|a|b}", "a|b"),
        ("{nickname|{user_name}}", "{nickname|Ada}"),
        ("{|there}", "{|there}"),
        # `\{` is a brace
        (r"\{user_name}", "{user_name}"),
        (r"\{{user_name}}", "{Ada}"),
        (r"\{\{user_name}}", "{{user_name}}"),
        (r"a \{ b", "a { b"),
        # everything else is literal text
        ('{"a": {user_name}}', '{"a": Ada}'),
        ('{"stage": "Greeting", "confidence": 0.9}', '{"stage": "Greeting", "confidence": 0.9}'),
        ('{"a": {"b": [1, {}]}}', '{"a": {"b": [1, {}]}}'),
        (r"\d{5}", r"\d{5}"),
        (r"^[A-Z]{1,3}-\d{5}$", r"^[A-Z]{1,3}-\d{5}$"),
        ("{several words}", "{several words}"),
        ("{the customer's name}", "{the customer's name}"),
        ("%s %(user_name)s {0} {0.__class__} ${user_name}", "%s %(user_name)s {0} {0.__class__} $Ada"),
        ("", ""),
        ("😀 {user_name} שלום", "😀 Ada שלום"),
    ],
)
def test_rendering(text: str, rendered: str) -> None:
    assert render(text, ADA) == rendered


def test_placeholders_are_returned_as_written_in_order() -> None:
    text = r"{ Stage List } \{user_name} {{user.first_name|you}} {\"a\": 1} {stage_list}"
    assert list(placeholders(text)) == [
        Placeholder("Stage List", None),
        Placeholder("user.first_name", "you"),
        Placeholder("stage_list", None),
    ]


def test_name_with_dots_is_one_word() -> None:
    assert Placeholder("user.first_name", None).is_one_word
    assert not Placeholder("first name", None).is_one_word
    assert (normalise(" Stage  List "), is_name("stage list"), is_name("2nd")) == ("stage_list", True, False)


def test_inserted_value_is_not_scanned_again() -> None:
    value_of = known(a="{b}", b="{a}", nickname="x")
    assert render("{a} {{b}} {nickname|{a}}", value_of) == "{b} {a} {nickname|{b}}"
    assert render("{a}", known(a=r"{a} \{ {{api_key}} %s {0.__class__}")) == r"{a} \{ {{api_key}} %s {0.__class__}"


# Text in which braces, escapes, fallbacks and names are frequent.
template_text = st.lists(
    st.sampled_from(["{", "}", "{{", "}}", "\\", "\\{", "|", ".", " ", "\n", "a", "user_name", "stage list", "é", "\0"])
    | st.text(max_size=5)
).map("".join)


@given(st.text(alphabet=st.characters(exclude_characters="{")))
def test_text_without_an_opening_brace_is_unchanged(text: str) -> None:
    assert render(text, lambda placeholder: "never") == text
    assert list(placeholders(text)) == []


@given(template_text, st.text())
def test_rendering_never_raises_and_never_scans_a_value(text: str, value: str) -> None:
    asked: list[Placeholder] = []

    def value_of(placeholder: Placeholder) -> str:
        asked.append(placeholder)
        return value

    with_value = render(text, value_of)
    assert asked == list(placeholders(text))
    # The text around the placeholders does not depend on the value.
    marker = "\ue000"
    around = render(text, lambda placeholder: marker)
    assert around.count(marker) == len(asked) + text.count(marker)
    if marker not in text:
        assert with_value == around.replace(marker, value)


@given(template_text)
def test_text_without_placeholders_is_unchanged_except_for_escapes(text: str) -> None:
    assert render(text, lambda placeholder: None) == re.sub(r"\\\{", "{", text)


@given(template_text)
def test_placeholder_names_are_valid(text: str) -> None:
    for placeholder in placeholders(text):
        assert is_name(placeholder.written)
        assert re.match(r"[a-z_]", placeholder.name)


@pytest.mark.parametrize(
    "hostile",
    [
        "{" * 100_000,
        "{a" * 50_000,
        "{a|" * 33_000,
        "{{a|" + "x" * 100_000,
        "{" + "a" * 100_000,
        "{" + "a " * 50_000,
        "{a" + " " * 100_000,
        "{" + ("a" + " " * 50) * 2_000,
        "{" + "a." * 50_000,
        "\\" * 100_000 + "{",
        "{ " + "\t " * 50_000 + "a",
        "{a}" * 33_000 + "{a",
        "}" * 100_000,
    ],
    ids=range(13),
)
@pytest.mark.timeout(60)
def test_long_hostile_text_is_rendered_in_linear_time(hostile: str) -> None:
    assert render(hostile, known(a="1")) == hostile.replace("{a}", "1").replace("\\{", "{")
