"""Removes a model's reasoning from its answer: `<think>…</think>` and similar notations, also while streaming.

The tags may be split across chunks. A block that is not closed reaches to the end of the answer. Some servers put the
opening tag into the prompt, so that the answer contains only the closing tag: then everything before it is reasoning.
"""

import regex

_OPEN = r"<\s{0,3}(?:seed:)?(?:think|thinking|thought|reasoning)(?:\s[^<>]{0,60})?>|\[THINK\]|◁think▷"
_CLOSE = r"<\s{0,3}/\s{0,3}(?:seed:)?(?:think|thinking|thought|reasoning)\s{0,3}>|\[/THINK\]|◁/think▷"
# The notation of gpt-oss, where the answer follows in a channel of its own.
_OPEN_CHANNEL = r"<\|channel\|>(?:analysis|commentary)<\|message\|>"
_CLOSE_CHANNEL = r"<\|channel\|>final<\|message\|>"
_TAG = regex.compile(rf"(?P<open>{_OPEN}|{_OPEN_CHANNEL})|{_CLOSE}|{_CLOSE_CHANNEL}", regex.IGNORECASE)


class ReasoningFilter:
    """Receives the pieces of an answer and returns those that are not reasoning.

    With `expects_closing_tag`, the answer is assumed to start with reasoning that has no opening tag: nothing is
    returned until the closing tag, or until the end if there is none.
    """

    def __init__(self, expects_closing_tag: bool = False) -> None:
        self.has_closing_tag_only = False
        self._shown: list[str] = []  # the answer so far
        self._new: list[str] = []  # the part of it that has not been returned yet
        self._pending = ""  # may be the beginning of a tag
        self._is_inside = self._is_nested = False
        self._has_removed = False
        self._assumed: list[str] | None = [] if expects_closing_tag else None  # may turn out to be the answer
        self._blank = ""  # white space at the beginning, which is dropped if reasoning follows

    @property
    def text(self) -> str:
        """Returns the answer so far."""
        return "".join(self._shown)

    def feed(self, piece: str) -> tuple[str, bool]:
        """Returns the visible part of a piece, and whether all earlier visible parts turned out to be reasoning."""
        self._pending += piece
        is_restarted = False
        while self._pending:
            tag = _TAG.search(self._pending, partial=True)
            end = tag.start() if tag else len(self._pending)
            self._show(self._pending[:end])
            if tag is None or tag.partial:
                self._pending = self._pending[end:]
                break
            self._pending = self._pending[tag.end() :]
            if tag["open"]:
                self._open()
            elif self._is_inside:
                self._close()
            else:
                is_restarted |= len(self._shown) > len(self._new)
                self._drop_everything()
        return self._take_new(), is_restarted

    def finish(self) -> str:
        """Returns the rest of the answer. Call it after the last piece."""
        self._show(self._pending)
        self._pending = ""
        self._show_assumed()
        return self._take_new()

    def _show(self, part: str) -> None:
        if self._is_inside or not part:
            return
        if self._assumed is not None:
            self._assumed.append(part)
            return
        if not self._shown:
            part = part.lstrip() if self._has_removed else self._blank + part
            self._blank = "" if part.strip() else part
            if self._blank or not part:
                return
        self._shown.append(part)
        self._new.append(part)

    def _show_assumed(self) -> None:
        """Shows what was held back under the assumption that a closing tag follows."""
        assumed, self._assumed = self._assumed, None
        self._show("".join(assumed or ()))

    def _open(self) -> None:
        self._is_nested = self._is_inside
        self._show_assumed()
        self._is_inside = self._has_removed = True

    def _close(self) -> None:
        """Ends a block. If it contained a second opening tag, a second closing tag may follow, so the rest is held."""
        self._is_inside = False
        if self._is_nested:
            self._is_nested, self._assumed = False, []

    def _drop_everything(self) -> None:
        """Handles a closing tag without an opening tag."""
        self.has_closing_tag_only = self._has_removed = True
        self._assumed = None
        self._shown, self._new = [], []

    def _take_new(self) -> str:
        new, self._new = "".join(self._new), []
        return new
