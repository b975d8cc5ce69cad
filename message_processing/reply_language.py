"""The language of the texts that are sent without a model, and of the opening hours."""

from message_processing.engines.rules.texts import language_of, recognise_language
from message_processing.release import Release


def main_language(release: Release) -> str:
    """Returns the first language of the business, or without one that of its fixed replies."""
    for tag in release.settings.get("languages", []):
        return tag.partition("-")[0].lower()
    return recognise_language(" ".join(stage.fixed_reply or "" for stage in release.active_stages)) or "en"


def reply_language(release: Release, message: str) -> str:
    """Returns the language of the message if it is recognised and one of the business's, otherwise the main one."""
    if languages := release.settings.get("languages"):
        return language_of(message, languages)
    return recognise_language(message) or main_language(release)
