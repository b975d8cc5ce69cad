"""The languages of the customer, of replies, and of texts that are sent without a model."""

from collections.abc import Mapping
from typing import Any

from message_processing.engines.rules.texts import language_with_texts
from message_processing.languages import find_match, recognise
from message_processing.release import Release


def main_language(release: Release) -> str:
    """Returns the first language of the business, or without one that of its fixed replies."""
    for tag in release.settings.get("languages", []):
        return tag
    found = recognise(" ".join(stage.fixed_reply or "" for stage in release.active_stages))
    return found.language if found else "en"


def customer_language(release: Release, message: str, conversation: Mapping[str, Any]) -> str | None:
    """Returns the language of a message if it is certain, otherwise that of its conversation. None if both are unknown.

    The conversation may contain later messages in another language.
    """
    found = recognise(message, release.settings.get("languages", []))
    if found and found.is_certain:
        return found.language
    return conversation.get("language") or (found.language if found else None)


def reply_language(release: Release, language: str | None) -> str:
    """Returns the tag of the language for replies to a customer with this language: the same if the business offers it
    or has not chosen any, otherwise the main one."""
    offered = release.settings.get("languages", [])
    if language is None:
        return main_language(release)
    match = find_match(language, offered)
    if match is not None:
        return max(language, match, key=len)  # "de-AT" says more than "de"
    return main_language(release) if offered else language


def text_language(release: Release, language: str) -> str:
    """Returns the language of the shipped texts in a reply in this language, see `language_with_texts`."""
    return language_with_texts([language, *release.settings.get("languages", [])])


def language_values(release: Release, message: str) -> dict[str, str | None]:
    """Returns the language of a new message, as `acceptance.accept_in` takes it."""
    found = recognise(message, release.settings.get("languages", []))
    if found is None:
        return {"language": None, "guessed_language": None}
    if found.is_certain:
        return {"language": found.language, "guessed_language": None}
    return {"language": None, "guessed_language": found.language}
