"""Splits an article into passages: at its headings, and long sections at paragraphs, lines or sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt

MAX_PASSAGE_CHARACTERS = 900
MAX_HEADING_CHARACTERS = 200
_SEPARATOR = " › "
# The ends at which a paragraph is split, the best first.
_ENDS = (re.compile(r"\n"), re.compile(r"[.!?。！？](?=\s)|[。！？]"), re.compile(r"\s"))
_INLINE_MARKS = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")
_NOT_TEXT = re.compile(r"[\W_]*")


@dataclass(frozen=True)
class Passage:
    """A part of an article. The heading includes the headings above it, and is empty before the first one."""

    heading: str
    text: str


def split_article(title: str, content: str) -> list[Passage]:
    """Returns the passages of an article, whose content is Markdown. An article without a text has one passage: its
    title."""
    passages = [
        Passage(heading, text)
        for heading, lines in _sections(title, content)
        for text in _parts(lines)
        if not _NOT_TEXT.fullmatch(text)
    ]
    return passages or [Passage("", title)]


def _sections(title: str, content: str) -> Iterator[tuple[str, list[str]]]:
    """The heading and the lines of each section."""
    lines = content.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    above: list[tuple[int, str]] = []  # the headings above the section, with their levels
    start = 0
    for level, text, first, end in _headings("\n".join(lines)):
        yield _path(title, above), lines[start:first]
        above = [each for each in above if each[0] < level] + [(level, text)]
        start = end
    yield _path(title, above), lines[start:]


def _headings(content: str) -> Iterator[tuple[int, str, int, int]]:
    """The level and the text of each heading, its first line, and the line after it."""
    parser = MarkdownIt("commonmark", {"maxNesting": 20})
    parser.core.ruler.disable(["inline", "text_join"])  # only blocks are needed
    tokens = parser.parse(content)
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map is not None:
            text = " ".join(_INLINE_MARKS.sub("", tokens[index + 1].content).split())
            yield int(token.tag[1:]), text, token.map[0], token.map[1]


def _path(title: str, above: list[tuple[int, str]]) -> str:
    # The first heading often repeats the title.
    texts = [text for _, text in above if text and text.casefold() != title.casefold()]
    return _SEPARATOR.join(texts)[-MAX_HEADING_CHARACTERS:]


def _parts(lines: list[str]) -> Iterator[str]:
    """The text of a section in parts of at most MAX_PASSAGE_CHARACTERS, which contain whole paragraphs if possible."""
    part = ""
    for paragraph in _paragraphs(lines):
        for piece in _pieces(paragraph):
            if part and len(part) + len(piece) + 2 > MAX_PASSAGE_CHARACTERS:
                yield part
                part = ""
            part = f"{part}\n\n{piece}" if part else piece
    if part:
        yield part


def _paragraphs(lines: list[str]) -> Iterator[str]:
    paragraph: list[str] = []
    for line in lines:
        if line.strip():
            paragraph.append(line.rstrip())
        elif paragraph:
            yield "\n".join(paragraph)
            paragraph = []
    if paragraph:
        yield "\n".join(paragraph)


def _pieces(paragraph: str) -> Iterator[str]:
    start = 0
    while len(paragraph) - start > MAX_PASSAGE_CHARACTERS:
        end = _end_of_piece(paragraph, start, start + MAX_PASSAGE_CHARACTERS)
        if piece := paragraph[start:end].strip():
            yield piece
        start = end
    if piece := paragraph[start:].strip():
        yield piece


def _end_of_piece(text: str, start: int, limit: int) -> int:
    """The last good end before the limit, in the second half of the piece."""
    middle = (start + limit) // 2
    for ends in _ENDS:
        found = [match.end() for match in ends.finditer(text, middle, limit)]
        if found:
            return found[-1]
    return limit
