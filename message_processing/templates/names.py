"""The names of variables in templates."""

from collections.abc import Iterable

from message_processing import variables
from message_processing.templates.braces import placeholders


def names_in(*texts: str) -> list[str]:
    """Returns the normalised variable names in the texts, and for dotted names also the part before the dot."""
    names: dict[str, None] = {}
    for text in texts:
        for placeholder in placeholders(text):
            names[placeholder.name] = None
            names[placeholder.name.partition(".")[0]] = None
    return list(names)


def list_variables(content: str, system_prompt: str, business_variables: Iterable[str]) -> tuple[list[str], list[str]]:
    """Returns the variables that a template names, as written, and the unknown ones among them.

    Several words in braces that are not a known variable count as literal text and are in neither list.
    """
    own = set(business_variables)
    named: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for text in (content, system_prompt):
        for placeholder in placeholders(text):
            root = placeholder.name.partition(".")[0]
            is_known = placeholder.name in own or any(
                variables.find_provider(name) for name in (placeholder.name, root)
            )
            if is_known or placeholder.is_one_word:
                named[placeholder.written] = None
                if not is_known:
                    unknown[placeholder.written] = None
    return list(named), list(unknown)
