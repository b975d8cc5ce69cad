"""Splits texts that are too long for one message of a provider."""

import re

# The end of a sentence, with closing quotes and brackets: before a space, or of a script that has no spaces.
_SENTENCE_END = re.compile(r"""[.!?…؟।]+["'”’»)\]]*(?=\s)|[。！？]+[”’」』）]*""")


def split_text(text: str, max_units: int | None, *, counts_bytes: bool = False) -> list[str]:
    """The text in parts of at most `max_units` UTF-16 code units, which most providers count: an emoji has two; or
    bytes of UTF-8. Splits after paragraphs, otherwise sentences, lines or words. Words are only split if they are too
    long themselves."""
    encoding, unit = ("utf-8", 1) if counts_bytes else ("utf-16-le", 2)
    max_bytes = None if max_units is None else max_units * unit
    parts: list[str] = []
    rest = text.strip()
    while max_bytes is not None and len(rest.encode(encoding)) > max_bytes:
        longest = rest.encode(encoding)[:max_bytes].decode(encoding, "ignore") or rest[:1]
        end = _last_end(longest, rest)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def _last_end(longest: str, text: str) -> int:
    """Where to split `text`, of which `longest` fits. A part is at least half as long as it could be, unless it ends
    with a sentence."""
    half = len(longest) // 2
    paragraph = longest.rfind("\n\n")
    if paragraph >= half:
        return paragraph
    # The character after the part belongs to the pattern, so that "3." is not the end of a sentence in "3.5".
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, len(longest) + 1) if match.end() <= len(longest)]
    if ends:
        return ends[-1]
    for separator in ("\n", " "):
        found = longest.rfind(separator)
        if found >= half:
            return found
    return len(longest)
