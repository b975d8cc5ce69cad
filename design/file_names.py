"""Names of files and folders for the names of stages, articles and test cases, which may contain any character."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_SAFE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 _-]{0,58}[A-Za-z0-9])?")
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)  # on Windows
_MAX_READABLE = 40


def file_names(names: Iterable[str]) -> list[str]:
    """A file name for each name, valid on all systems and different also without regard to case. It is the name itself
    if possible, and otherwise a readable part of it with a hash, so it does not change when other names are added."""
    taken: set[str] = set()
    numbers: Counter[str] = Counter()
    found = []
    for name in names:
        hashed = _hashed(name)
        chosen = name if _is_safe(name) and name.casefold() not in taken else hashed
        while chosen.casefold() in taken:
            numbers[hashed] += 1
            chosen = f"{hashed}-{numbers[hashed] + 1}"
        taken.add(chosen.casefold())
        found.append(chosen)
    return found


def unique_names(names: list[str]) -> list[str]:
    """The names, with a number after the second and later ones of the same name: "Anna", "Anna (2)"."""
    known = set(names)
    taken: set[str] = set()
    numbers: Counter[str] = Counter()
    found = []
    for name in names:
        unique = name
        while unique in taken or (unique != name and unique in known):
            numbers[name] += 1
            unique = f"{name} ({numbers[name] + 1})"
        taken.add(unique)
        found.append(unique)
    return found


def file_order(name: str) -> tuple[int, str]:
    """A sort key with which files of the same name are in the order of their numbers: `x`, `x-2`, `x-10`."""
    return len(name), name


def _is_safe(name: str) -> bool:
    return bool(_SAFE.fullmatch(name)) and not _RESERVED.fullmatch(name)


def _hashed(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    readable = re.sub(r"[^A-Za-z0-9_]+", "-", ascii_only)[:_MAX_READABLE].strip("-")
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{readable}-{digest}" if readable else digest
