"""The opening hours and languages of a business, as text for prompts."""

from itertools import groupby

from message_processing.release import Release
from message_processing.working_hours import DAYS, Interval


def shown_hours(release: Release) -> str | None:
    """Returns the opening hours with their time zone, such as "Monday to Friday 09:00-17:00 (Europe/Berlin)"."""
    hours = release.settings.get("business_hours")
    if not hours:
        return None
    times = {day: _times_of(day, hours) for day in DAYS}
    groups = [(text, list(days)) for text, days in groupby(DAYS, key=lambda day: times[day])]
    shown = ", ".join(f"{_range_of(days)} {text or 'closed'}" for text, days in groups)
    return f"{shown} ({release.settings.get('timezone', 'UTC')})"


def shown_languages(release: Release) -> str | None:
    """Returns the languages of replies, and which one applies to customers who write in another one."""
    languages = release.settings.get("languages")
    if not languages:
        return None
    return f"{', '.join(languages)} (reply in {languages[0]} to customers who write in another language)"


def _times_of(day: str, hours: list[Interval]) -> str:
    intervals = sorted((each["start"], each["end"]) for each in hours if each["day"] == day)
    return " and ".join(f"{start}-{end}" for start, end in intervals)


def _range_of(days: list[str]) -> str:
    names = [day.capitalize() for day in days]
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
