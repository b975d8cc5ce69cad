"""Files of a design contain exactly what was written into them."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from design.file_names import file_names, unique_names
from design.front_matter import read_markdown, write_markdown
from design.model import differs
from design.yaml_files import read_yaml, write_yaml

# What YAML or Markdown could take for something else.
SPECIAL = (
    "\n",
    "\r\n",
    "\t",
    " ",
    "---",
    ":",
    "#",
    "-",
    "'",
    '"',
    "\\",
    "|",
    "no",
    "null",
    "1e3",
    "0x1",
    "10:30",
    "\u2028",
)
TEXTS = st.lists(st.sampled_from(SPECIAL) | st.text(max_size=3), max_size=6).map("".join)
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)


@given(st.dictionaries(TEXTS, VALUES, max_size=3))
def test_values_are_read_as_they_were_written(values: dict[str, Any]) -> None:
    assert not differs(read_yaml(write_yaml(values)).value, values)


@given(st.dictionaries(st.sampled_from(("title", "system_prompt")), TEXTS), TEXTS)
@example({"system_prompt": "Two\nlines\n"}, "Text")
def test_contents_are_read_as_they_were_written(fields: dict[str, str], content: str) -> None:
    assert read_markdown(write_markdown(fields, content)).value == {**fields, "content": content}


@given(st.lists(st.sampled_from(("FAQ", "faq", "FAQ (2)", "é", "E", "CON", "")), max_size=12))
def test_names_differ(names: list[str]) -> None:
    assert len(set(unique_names(names))) == len(names)
    assert len({name.casefold() for name in file_names(names)}) == len(names)
