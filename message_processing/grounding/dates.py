"""Finds a date or a time in a message, also if it is incomplete: "12 March", "on Friday", "tomorrow", "at 7"."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time

from message_processing.engines.rules.dates import MONTH, MONTH_NUMBERS, find_dates
from message_processing.engines.rules.field_extraction import to_ascii_signs
from message_processing.engines.rules.texts import DAYS_AHEAD, WEEKDAYS

_END = r"(?![\w:/-]|[.,]\d)"
_DAY_AND_MONTH = (
    re.compile(rf"(?<![\w.,/:-])(?P<d>\d{{1,2}})(?:st|nd|rd|th|º|\.)?\s+(?:of\s+|de\s+)?(?P<name>{MONTH})(?!\w)", re.I),
    re.compile(rf"(?<!\w)(?P<name>{MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:])", re.I),
    re.compile(rf"(?<![\w.,/:-])(?P<d>\d{{1,2}})[./-](?P<m>\d{{1,2}})\.?{_END}"),
)
# A day alone: "the 11th", "el 11", "am 11.".
_DAY = re.compile(
    r"(?<![\w.,/:-])(?P<d>\d{1,2})(?:st|nd|rd|th|º|\.)(?![\w:/-]|[.,]\d)|\b(?:the|el|día|am|den|le)\s+(?P<e>\d{1,2})(?![\w:/-])",
    re.I,
)
_MONTH_NAME = re.compile(rf"(?<!\w)(?:{MONTH})(?!\w)", re.I)
# Words for days from today, besides those of DAYS_AHEAD.
_RELATIVE = {
    0: "tonight now jetzt heute hoy ahora",
    1: "mañana morgen tomorrow demain",
    2: "übermorgen pasado",
}
_IN_DAYS = re.compile(
    r"\b(?:in|en|dans)\s+(?P<n>\d{1,3})\s+(?P<unit>days?|tage?n?|días?|jours?|weeks?|wochen?|semanas?)\b", re.I
)
_CLOCK = re.compile(
    r"(?<![\w.,/-])(?P<h>\d{1,2})(?:\s?[:.h]\s?(?P<m>\d{2}))?\s?(?P<half>[ap]\.?\s?m\b\.?)?(?![\w/-]|[.,]\d)", re.I
)
_NOON = {12: "noon midday mittag mittags mediodía midi", 0: "midnight mitternacht medianoche minuit"}
_PARTS_OF_HOUR = re.compile(r"\b(?:half|quarter|halb|viertel|media|cuarto|demie|quart)\b", re.I)


def find_date(value: str, message: str, today: date) -> str | None:
    """Returns the part of the message that means the date, which is written as YYYY-MM-DD; None if none does."""
    try:
        wanted = date.fromisoformat(value[:10])
    except ValueError:
        return None
    text = to_ascii_signs(message)
    complete = find_dates(text)
    for found, start, end in complete:
        if found == wanted:
            return message[start:end]
    for day, month, start, end in _days(text):
        has_year = any(first < end and start < last for _, first, last in complete)
        if day == wanted.day and month in (wanted.month, None) and not has_year:
            return message[start:end]
    for match in re.finditer(r"[^\W\d_]+", text):
        if match.group().lower() in _names_of(wanted, today):
            return message[match.start() : match.end()]
    for match in _IN_DAYS.finditer(text):
        days = int(match["n"]) * (7 if match["unit"][0].lower() in "ws" else 1)
        if (wanted - today).days == days:
            return message[match.start() : match.end()]
    return None


def find_time(value: str, message: str) -> str | None:
    """Returns the part of the message that means the time, which is written as HH:MM; None if none does."""
    try:
        wanted = time.fromisoformat(value)
    except ValueError:
        return None
    text = to_ascii_signs(message)
    for match in _CLOCK.finditer(text):
        hour, minute = int(match["h"]), int(match["m"] or 0)
        if match["half"]:
            hour = hour % 12 + (12 if match["half"][0].lower() == "p" else 0)
        is_hour = hour == wanted.hour or (not match["half"] and hour < 12 and hour + 12 == wanted.hour)
        if is_hour and minute == wanted.minute:
            return message[match.start() : match.end()].strip()
        # "half past six" and "halb sieben" are both 6:30.
        if wanted.minute in (15, 30, 45) and _PARTS_OF_HOUR.search(text) and (hour - wanted.hour) % 12 in (0, 1):
            return message[match.start() : match.end()].strip()
    for match in re.finditer(r"[^\W\d_]+", text):
        if wanted.minute == 0 and match.group().lower() in _NOON.get(wanted.hour, "").split():
            return message[match.start() : match.end()]
    return None


def find_moment(value: str, message: str, today: date) -> str | None:
    """Returns the parts of the message that mean the date and the time of a date-time; None if one is missing."""
    try:
        wanted = datetime.fromisoformat(value)
    except ValueError:
        return None
    day, clock = find_date(wanted.date().isoformat(), message, today), find_time(f"{wanted:%H:%M}", message)
    return None if day is None or clock is None else day if day == clock else f"{day} … {clock}"


def _days(text: str) -> Iterator[tuple[int, int | None, int, int]]:
    """Yields the day, the month if one is named, the start and the end of each day."""
    for form in _DAY_AND_MONTH:
        for match in form.finditer(text):
            parts = match.groupdict()
            if parts.get("name"):
                yield int(parts["d"]), MONTH_NUMBERS[parts["name"].lower()], *match.span()
            else:  # 3/4 may be in March or in April
                yield int(parts["d"]), int(parts["m"]), *match.span()
                yield int(parts["m"]), int(parts["d"]), *match.span()
    if not _MONTH_NAME.search(text):
        for match in _DAY.finditer(text):
            yield int(match["d"] or match["e"]), None, *match.span()


def _names_of(day: date, today: date) -> set[str]:
    """Returns the words that mean the day: its weekday, and words such as tomorrow."""
    # "on Friday" and "el viernes": the longest word is the weekday.
    weekdays = {max(names[day.weekday()].split(), key=len).lower() for names in WEEKDAYS.values()}
    weekdays |= {f"{name}s" for name in weekdays}
    ahead = (day - today).days
    words = {names[ahead] for names in DAYS_AHEAD.values()} if ahead in (0, 1) else set()
    return weekdays | words | set(_RELATIVE.get(ahead, "").split())
