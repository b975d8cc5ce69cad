"""Removes a key from what a server returns. A server may repeat what it has received, for example in an error."""

REPLACEMENT = "[key]"
_MIN_PART = 8  # characters of the key that are recognised in an error, which may contain only a part of it


class HiddenKey:
    """Recognises one key as it is written. Other encodings of it are not recognised."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._parts = {key[at : at + _MIN_PART] for at in range(len(key) - _MIN_PART + 1)}

    def remove(self, text: str) -> str:
        """Returns the text without the key."""
        return text.replace(self._key, REPLACEMENT)

    def remove_from_error(self, error: str) -> str:
        """Returns an error without what the server has added to it, if that contains a part of the key."""
        is_repeated = self._key in error or any(part in error for part in self._parts)
        return f"{error.partition(': ')[0]}: {REPLACEMENT}" if is_repeated else error

    def length_of_start(self, text: str) -> int:
        """Returns how many characters at the end of the text may be the start of the key."""
        longest = min(len(self._key) - 1, len(text))
        return next((length for length in range(longest, 0, -1) if text.endswith(self._key[:length])), 0)


class StreamFilter:
    """Removes a key, if there is one to hide, from a text that arrives in pieces. What may be its start is held back
    until the next piece."""

    def __init__(self, hidden: HiddenKey | None) -> None:
        self._hidden = hidden
        self._held_back = ""

    def feed(self, piece: str) -> str:
        """Returns the next part of the text without the key."""
        if self._hidden is None:
            return piece
        text = self._hidden.remove(self._held_back + piece)
        shown = len(text) - self._hidden.length_of_start(text)
        self._held_back = text[shown:]
        return text[:shown]

    def remove(self, text: str) -> str:
        """Returns a whole text without the key."""
        return self._hidden.remove(text) if self._hidden else text

    def finish(self) -> str:
        """Returns the rest of the text."""
        rest, self._held_back = self._held_back, ""
        return rest
