"""The text of mails in HTML."""

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

_MAX_HTML = 150_000  # characters that are read
_MAX_DEPTH = 5  # of marked quotes
_PARAGRAPHS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "p"))
_BLOCKS = frozenset(("address", "blockquote", "br", "div", "hr", "li", "ol", "pre", "table", "tr", "ul", *_PARAGRAPHS))
_LEFT_OUT = frozenset(("head", "script", "style", "title"))
_SIGNATURES = frozenset(("gmail_signature", "moz-signature", "protonmail_signature_block"))  # classes


def text_of_html(html: str) -> str:
    """The text that a reader sees, without signatures that are marked. Quotes start with > as in plain text."""
    lines: list[str] = []
    line, depth = "", 0
    # Without recursion, because the elements may be nested deeply. A text ends the element of that name.
    stack: list[PageElement | str] = [BeautifulSoup(html[:_MAX_HTML], "lxml")]

    def end_line() -> None:
        nonlocal line
        if text := " ".join(line.split()):
            lines.append("> " * min(depth, _MAX_DEPTH) + text)
        line = ""

    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            if node.name in _LEFT_OUT or not _SIGNATURES.isdisjoint(node.get_attribute_list("class")):
                continue
            if node.name in _BLOCKS:
                if node.name == "br" and not line.strip():
                    lines.append("")
                end_line()
                stack.append(node.name)
            depth += node.name == "blockquote"
            stack.extend(reversed(node.contents))
        elif isinstance(node, NavigableString):
            line += "" if isinstance(node, PreformattedString) else node  # comments
        else:
            end_line()
            depth -= node == "blockquote"
            if node in _PARAGRAPHS:
                lines.append("")
    end_line()
    return "\n".join(lines)
