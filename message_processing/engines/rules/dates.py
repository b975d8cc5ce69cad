"""Finds complete dates in a text: 2026-03-12, 12 March 2026, March 12th, 2026, 12.3.2026, 12 de marzo de 2026.

A date must have a day, a month and a year, and only one possible meaning. No year is added to "12 March", "tomorrow"
is not calculated, and 3/4/2026 is left out because it could be in March or in April.
"""

import re
from datetime import date

_MONTHS = (
    "january jan enero ene janvier januar jänner janeiro gennaio जनवरी يناير",
    "february feb febrero février fevrier februar fevereiro febbraio फ़रवरी फरवरी فبراير",
    "march mar marzo mars märz março मार्च مارس",
    "april apr abril abr avril aprile अप्रैल أبريل ابريل",
    "may mayo mai maio maggio मई مايو",
    "june jun junio juin juni junho giugno जून يونيو",
    "july jul julio juillet juli julho luglio जुलाई يوليو",
    "august aug agosto août aout अगस्त أغسطس اغسطس",
    "september sep sept septiembre setiembre septembre setembro settembre सितंबर सितम्बर سبتمبر",
    "october oct octubre octobre oktober outubro ottobre अक्टूबर أكتوبر اكتوبر",
    "november nov noviembre novembre novembro नवंबर नवम्बर نوفمبر",
    "december dec diciembre dic décembre decembre dezember dezembro dicembre दिसंबर दिसम्बर ديسمبر",
)
MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
MONTH = "|".join(sorted((re.escape(name) for name in MONTH_NUMBERS), key=len, reverse=True))
_START, _END = r"(?<![\w.,/:-])", r"(?![\w/:-]|[.,]\d)"
_FORMS = (
    rf"{_START}(?P<y>\d{{4}})-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})(?![\w/:-]|[.,]\d)",
    rf"{_START}(?P<y>\d{{4}})[./](?P<m>\d{{1,2}})[./](?P<d>\d{{1,2}}){_END}",
    rf"{_START}(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?(?P<y>\d{{4}}){_END}",
    rf"{_START}(?P<first>\d{{1,2}})[/-](?P<second>\d{{1,2}})[/-](?P<y>\d{{4}}){_END}",
    rf"{_START}(?P<d>\d{{1,2}})(?:st|nd|rd|th|º|\.)?\s+(?:of\s+|de\s+)?(?P<name>{MONTH})\.?,?\s+(?:de\s+|del\s+)?"
    rf"(?P<y>\d{{4}}){_END}",
    rf"(?<!\w)(?P<name>{MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}}){_END}",
)
_DAY = re.compile(
    rf"(?<!\w)\d{{1,2}}(?:\.|º)?\s+(?:of\s+|de\s+)?(?:{MONTH})(?!\w)|(?<!\w)(?:{MONTH})\.?\s+\d{{1,4}}(?!\w)",
    re.IGNORECASE,
)
_COMPILED = tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)


def find_dates(text: str) -> list[tuple[date, int, int]]:
    """Returns each date of the text with its start and end, in order. Digits must be ASCII."""
    found = []
    for form in _COMPILED:
        for match in form.finditer(text):
            read = _read(match.groupdict())
            if read is not None:
                found.append((read, *match.span()))
    return sorted(found, key=lambda each: each[1])


def find_days(text: str) -> list[tuple[int, int]]:
    """Returns the start and end of everything that means a day, including incomplete dates such as "12 March"."""
    return [(start, end) for _, start, end in find_dates(text)] + [match.span() for match in _DAY.finditer(text)]


def _read(parts: dict[str, str | None]) -> date | None:
    year, day = int(parts["y"] or 0), int(parts.get("d") or 0)
    if parts.get("name"):
        month = MONTH_NUMBERS[str(parts["name"]).lower()]
    elif parts.get("first"):
        first, second = int(parts["first"] or 0), int(parts["second"] or 0)
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (first, second) if second <= 12 else (second, first)
    else:
        month = int(parts["m"] or 0)
    try:
        return date(year, month, day)
    except ValueError:
        return None
