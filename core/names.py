"""The form in which names are compared."""

import re
import unicodedata


def name_key(name: str) -> str:
    """The name without case, in which spaces, hyphens and underscores are equivalent. Names with the same key are the
    same name: a model that selects a stage may write `order_help` for `Order Help`."""
    return re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", name).casefold()).strip()
