"""Tags of conversations: short texts that people write, compared without case."""

import unicodedata

from core.names import has_visible_character

MAX_LENGTH = 40  # characters
# Control characters, line separators, and marks that change the direction of the text after them.
_FORBIDDEN = frozenset({"Cc", "Zl", "Zp"})
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def normalise_tag(text: str) -> str | None:
    """The tag as it is stored and searched for: in NFC and lower case, without spaces around it.

    None if nothing of it is visible, or if it is too long or contains characters that are not allowed.
    """
    tag = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).strip().lower())
    if len(tag) > MAX_LENGTH or not has_visible_character(tag):
        return None
    if any(unicodedata.category(character) in _FORBIDDEN or character in _DIRECTIONS for character in tag):
        return None
    return tag
