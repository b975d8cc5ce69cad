"""Removes a model's reasoning from its answer: `<think>…</think>` and similar notations, also while streaming.

The tags may be split across chunks. A block that is not closed reaches to the end of the answer. Some servers put the
opening tag into the prompt, so that the answer contains only the closing tag: then everything before it is reasoning.
"""

import regex

# With a prefix such as `seed:` or `longcat_`, or a suffix such as `_process`.
_NAME = (
    r"(?:[a-z]{1,12}[:_-]|ant)?(?:think(?:ing)?|thoughts?|reasoning|chain[_-]of[_-]thought|analysis|reflection"
    r"|scratchpad|inner[_-]monologue)(?:[_-]process)?"
)
_ATTRIBUTE = r"(?:\s{1,3}[\w-]{1,20}=[^<>]{0,100})?"
# Special tokens in pairs, such as `<|begin_of_thought|>` and `<|end_of_thought|>`, or `<|think|>` and `<|/think|>`.
_THOUGHT = r"(?:think(?:ing)?|thought|reasoning)[|｜]>"
_OF = r"(?:[_▁]of)?[_▁]"
_OPEN = (
    rf"<\s{{0,3}}{_NAME}{_ATTRIBUTE}\s{{0,3}}>|<[|｜](?:(?:begin|start){_OF})?{_THOUGHT}"
    r"|\[THINK\]|◁think▷|<unused94>"
)
_CLOSE = (
    rf"<\s{{0,3}}/\s{{0,3}}{_NAME}\s{{0,3}}>|<[|｜](?:end{_OF}|/){_THOUGHT}"
    r"|\[/THINK\]|◁/think▷|<unused95>"
)
# The notations of gpt-oss and Gemma, where the answer follows in a channel of its own.
_CONSTRAINT = r"\s{0,3}(?:<\|constrain\|>[a-z]{0,20}\s{0,3})?"
_OPEN_CHANNEL = (
    rf"<\|channel\|>(?:analysis|commentary)[^<>|]{{0,100}}{_CONSTRAINT}<\|message\|>|<\|channel>(?:thought|analysis)"
)
_CLOSE_CHANNEL = rf"<\|channel\|>final{_CONSTRAINT}<\|message\|>|<channel\|>"
# What some servers leave around the answer. It is no reasoning, but not for the customer either.
_MARKER = (
    rf"<\s{{0,3}}{_NAME}\s{{0,3}}/>|<\|(?:start|im_start)\|>assistant"
    r"|<\|(?:end|return|call|im_end|eot_id|eom_id|end_of_text|endoftext)\|>"
    r"|<\|(?:(?:begin|end)_of_solution|(?:start|end)_response)\|>"
)
_ANSWER = r"</?answer>"  # also a marker, but only after reasoning
_TAG = regex.compile(
    rf"(?P<open>{_OPEN}|{_OPEN_CHANNEL})|(?P<marker>{_MARKER})|(?P<answer>{_ANSWER})|{_CLOSE}|{_CLOSE_CHANNEL}",
    regex.IGNORECASE,
)


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
        text, start, is_restarted = self._pending + piece, 0, False
        for tag in _TAG.finditer(text, partial=True):
            if tag.partial:
                self._show(text[start : tag.start()])
                start = tag.start()
                break
            is_kept = tag["answer"] and not self._has_removed
            self._show(text[start : tag.end() if is_kept else tag.start()])
            start = tag.end()
            if tag["open"]:
                self._open()
            elif tag["marker"] or tag["answer"]:
                continue
            elif self._is_inside:
                self._close()
            else:
                is_restarted |= len(self._shown) > len(self._new)
                self._drop_everything()
        self._pending = text[start:]
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
