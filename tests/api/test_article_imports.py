"""Imports of files as articles, valid and hostile ones."""

from typing import Any

import pytest

from message_processing.knowledge.splitting import Passage
from routes import article_imports, articles
from tests.support.articles import import_articles, upload_articles
from tests.support.documents import a_docx, a_pdf, docx_bomb, docx_with_entities
from tests.support.factories import Shop

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
HTML = """<html lang="es"><head><title>Garantía &amp; más</title><style>p {}</style></head><body><nav>Menú</nav>
<h1>Garantía</h1><p>Tres <b>años</b>.<ul><li>uno<li>dos</ul><script>alert(1)</script></body></html>"""
CSV = 'Frage;Antwort;Tags\r\nWann?;"Um 9;\r\n""pünktlich"".";a, B\r\n;leer;\r\n'.encode("cp1252")


def content_of(shop: Shop, imported: dict[str, Any]) -> tuple[str, str, str]:
    """Title, language and content of the only article."""
    (created,) = imported["articles"]
    article = shop.get(f"/articles/{created['article_id']}").get_json()
    assert article["passages"] == created["passages"] > 0
    return article["title"], article["language"], article["content"]


def test_each_format_becomes_an_article(shop: Shop) -> None:
    markdown = import_articles(shop, "---\nlang: de\n---\n# Regeln\n\n## Ruhe\n\nAb zehn.", "text/markdown")
    assert content_of(shop, markdown) == ("Regeln", "de", "# Regeln\n\n## Ruhe\n\nAb zehn.")
    by_name = import_articles(
        shop, "Grüße! Wir sind nicht da.".encode("cp1252"), "application/octet-stream", file_name="a.TXT"
    )
    assert content_of(shop, by_name) == ("a", "de", "Grüße! Wir sind nicht da.")
    assert content_of(shop, import_articles(shop, HTML, "text/html", tag="Web")) == (
        "Garantía & más",
        "es",
        "# Garantía\n\nTres años.\n\n- uno\n\n- dos",
    )
    assert content_of(shop, import_articles(shop, a_docx(), DOCX)) == (
        "House rules",
        "en",
        "# Quiet hours\n\nIt is quiet from ten to seven.\n\n- No drums\n\nRent | 900 EUR",
    )
    title, _, text = content_of(shop, import_articles(shop, a_pdf(), PDF, file_name="keys.pdf", language="en"))
    assert (title, text.split("\n")[0]) == ("keys", "Page 0, line 0: the key is under the mat.")
    imported = import_articles(shop, CSV, "text/csv; charset=windows-1252")
    assert content_of(shop, imported) == ("Wann?", "de", 'Um 9;\n"pünktlich".')
    assert imported["skipped"] == [{"line": 4, "message": "There is no title."}]
    listed = shop.get("/articles", order="newest", limit=200).get_json()
    assert [row["tags"] for row in listed] == [["a", "b"], [], [], ["web"], [], []]


def test_pdf_of_five_megabytes(shop: Shop) -> None:
    file = a_pdf(pages=400, lines=60, filler=b"x" * 3_700_000)
    assert len(file) > 5_000_000
    imported = import_articles(shop, file, PDF, file_name="manual.pdf")
    count = len(imported["articles"])
    assert [each["title"] for each in imported["articles"]] == [f"manual ({at}/{count})" for at in range(1, count + 1)]
    assert sum(each["passages"] for each in imported["articles"]) > 1_000
    for each in imported["articles"]:  # their embeddings would take minutes
        assert shop.delete(f"/articles/{each['article_id']}").status_code == 204


@pytest.mark.parametrize(
    ("file", "content_type", "message"),
    [
        (a_pdf()[:300], PDF, "The file is not a valid PDF file."),
        (b"%PDF-1.7 nonsense", PDF, "The file is not a valid PDF file."),
        (a_pdf(lines=0), PDF, "The file contains no text. Perhaps its pages are scanned; then it needs OCR first."),
        (a_docx()[:5000], DOCX, "The file is not a valid DOCX file."),
        (docx_bomb(), DOCX, "The file has more than 100 MB when unpacked."),
        (b"a,b\n1,2\n", "text/csv", "The first row must name the columns"),
        (b"<html><body></body></html>", "text/html", "The file contains no text."),
        (b"", "text/plain", "The file is empty."),
    ],
    ids=["cut PDF", "no PDF", "PDF without text", "cut DOCX", "DOCX bomb", "other columns", "no text", "empty"],
)
def test_file_that_cannot_be_read_changes_nothing(shop: Shop, file: bytes, content_type: str, message: str) -> None:
    response = upload_articles(shop, file, content_type)
    assert response.status_code == 400
    error = response.get_json()
    assert error["error_code"] == "INVALID_REQUEST"
    assert error["details"][0]["message"].startswith(message)
    assert shop.get("/articles").get_json() == []


def test_entities_of_a_docx_are_not_expanded(shop: Shop) -> None:
    response = upload_articles(shop, docx_with_entities(), DOCX, file_name="a.docx")
    if response.status_code == 201:
        _, _, text = content_of(shop, response.get_json())
        assert text == "Text"
    else:
        assert response.status_code == 400
    assert "root:" not in response.text


def test_file_with_too_many_passages_is_rejected(shop: Shop) -> None:
    response = upload_articles(shop, "# a\nb\n" * 2_000, "text/markdown")
    assert response.status_code == 400
    assert "passages" in response.get_json()["details"][0]["message"]
    assert upload_articles(shop, "x", "application/octet-stream", file_name="a.exe").status_code == 400
    assert upload_articles(shop, "x", "image/png").status_code == 415


def test_rows_and_languages_that_cannot_be_stored_do_not_stop_an_import(shop: Shop) -> None:
    rows = [
        "Hours,We open at nine in the morning.,English,",
        "\u200b,No title.,en,",
        f"Returns,30 days.,es-MX,{'a' * 41}",
    ]
    imported = import_articles(shop, "\n".join(["title,content,language,tags", *rows]), "text/csv")
    assert [each["line"] for each in imported["skipped"]] == [3, 4]
    assert content_of(shop, imported) == ("Hours", "en", "We open at nine in the morning.")
    for language, known in (("x", "en"), ("German", "en"), ("de_AT", "de"), ("", "en")):
        page = f'<html lang="{language}"><p>We open at nine in the morning.</p></html>'
        assert content_of(shop, import_articles(shop, page, "text/html", file_name="a.html"))[1] == known


def test_file_with_too_many_passages_is_rejected_before_all_of_it_is_split(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(article_imports, "MAX_PASSAGES", 2)
    split: list[str] = []
    monkeypatch.setattr(articles, "split_article", lambda title, text: split.append(title) or [Passage("", text)])
    file = "title,content\n" + "".join(f"T{number},Text\n" for number in range(9))
    assert upload_articles(shop, file, "text/csv").status_code == 409
    assert (split, shop.get("/articles").get_json()) == (["T0", "T1", "T2"], [])
