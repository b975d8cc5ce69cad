"""HTML: the text that a reader sees, with its headings, lists and tables."""

from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from background.articles.documents import Converted, Document, clean, clean_title, read_language

# Without text for readers, or the same on every page.
_LEFT_OUT = ("script", "style", "noscript", "template", "svg", "iframe", "object", "head", "nav", "footer", "form")
_HEADINGS = {"h1": "# ", "h2": "## ", "h3": "### ", "h4": "#### ", "h5": "##### ", "h6": "###### "}
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tr",
        "ul",
    ]
)
_CELLS = ("td", "th")


def convert_html(data: bytes, charset: str | None) -> Converted:
    """HTML. The title is that of the page, otherwise its first heading."""
    soup = BeautifulSoup(data, "lxml", from_encoding=charset)
    page_title = soup.title.get_text() if soup.title else None
    language = soup.html.get("lang") if soup.html else None
    heading = soup.find(["h1", "h2"])
    title = clean_title(page_title) or clean_title(heading.get_text(" ") if heading else None)
    for tag in soup(_LEFT_OUT):
        tag.decompose()
    return Converted([Document(_as_markdown(soup), title, read_language(str(language or "")))])


def _as_markdown(soup: BeautifulSoup) -> str:
    lines: list[str] = []
    line = ""
    # Without recursion, because the elements may be nested deeply. None ends the element that was opened before it.
    stack: list[PageElement | str] = [soup]

    def end_line(following: str = "") -> None:
        nonlocal line
        text = " ".join(line.split())
        lines.append(text)
        line = following

    while stack:
        node = stack.pop()
        if isinstance(node, str) and not isinstance(node, NavigableString):
            end_line()
        elif isinstance(node, NavigableString):
            line += "" if isinstance(node, PreformattedString) else str(node)  # comments and declarations
        elif isinstance(node, Tag):
            if node.name in _HEADINGS:
                end_line()
                end_line(_HEADINGS[node.name])
            elif node.name == "li":
                end_line("- ")
            elif node.name in _BLOCKS:
                end_line()
            elif node.name in _CELLS and line.strip():
                line += " | "
            if node.name in _HEADINGS or node.name in _BLOCKS:
                stack.append("")
            stack.extend(reversed(node.contents))
    end_line()
    return clean(_without_repeated_blanks(lines))


def _without_repeated_blanks(lines: list[str]) -> str:
    kept: list[Any] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept)
