"""The opening hours and languages of a business, as text for prompts."""

from itertools import groupby
from typing import NamedTuple

from message_processing.release import Release
from message_processing.reply_language import main_language, text_language
from message_processing.working_hours import DAYS, Interval


class _Words(NamedTuple):
    """The words with which hours are written; `days` start with Monday."""

    days: str
    to: str
    also: str
    closed: str


# In the languages of the starters, whose fixed replies contain the hours. English is used for all others.
_WORDS = {
    "en": _Words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday", "to", "and", "closed"),
    "de": _Words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag", "bis", "und", "geschlossen"),
    "es": _Words("lunes martes miércoles jueves viernes sábado domingo", "a", "y", "cerrado"),
}


def shown_hours(release: Release, language: str | None = None) -> str | None:
    """Returns the opening hours with their time zone, such as "Monday to Friday 09:00-17:00 (Europe/Berlin)", in this
    language, otherwise in the main language of the business."""
    hours = release.settings.get("business_hours")
    if not hours:
        return None
    words = _WORDS.get(text_language(release, language or main_language(release)), _WORDS["en"])
    times = {day: _times_of(day, hours, words) for day in DAYS}
    groups = [(text, list(days)) for text, days in groupby(DAYS, key=lambda day: times[day])]
    shown = ", ".join(f"{_range_of(days, words)} {text or words.closed}" for text, days in groups)
    return f"{shown} ({release.settings.get('timezone', 'UTC')})"


def shown_languages(release: Release) -> str | None:
    """Returns the languages of replies, and which one applies to customers who write in another one."""
    languages = release.settings.get("languages")
    if not languages:
        return None
    return f"{', '.join(languages)} (reply in {languages[0]} to customers who write in another language)"


def _times_of(day: str, hours: list[Interval], words: _Words) -> str:
    intervals = sorted((each["start"], each["end"]) for each in hours if each["day"] == day)
    return f" {words.also} ".join(f"{start}-{end}" for start, end in intervals)


def _range_of(days: list[str], words: _Words) -> str:
    names = [words.days.split()[DAYS.index(day)] for day in days]
    return names[0] if len(names) == 1 else f"{names[0]} {words.to} {names[-1]}"
