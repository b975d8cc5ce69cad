"""The form in which names are compared, and what they must contain."""

import re
import unicodedata

import regex

# Neither spaces nor characters that are shown as nothing, such as a zero-width space or the braille blank.
_VISIBLE = regex.compile(r"[^\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]")


def name_key(name: str) -> str:
    """The name without case, in which spaces, hyphens and underscores are equivalent. Names with the same key are the
    same name: a model that selects a stage may write `order_help` for `Order Help`."""
    return re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", name).casefold()).strip()


def has_visible_character(text: str) -> bool:
    """Whether a reader would see anything of the text."""
    return _VISIBLE.search(text) is not None
