"""Files of documents for tests: valid ones, and ones that are made to exhaust a parser."""

import io
import zipfile

import docx


def a_docx() -> bytes:
    """A DOCX file with a title, headings, a list and a table."""
    word_file = docx.Document()
    word_file.add_heading("House rules", 0)
    word_file.add_heading("Quiet hours", 1)
    word_file.add_paragraph("It is quiet from ten to seven.")
    word_file.add_paragraph("No drums", style="List Bullet")
    table = word_file.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Rent", "900 EUR"
    written = io.BytesIO()
    word_file.save(written)
    return written.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """The DOCX file with another content of one part."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_docx())) as original,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as changed,
    ):
        for entry in original.namelist():
            changed.writestr(entry, content if entry == name else original.read(entry))
    return written.getvalue()


def docx_bomb() -> bytes:
    """A DOCX file of 200 KB that is 200 MB when unpacked."""
    return with_part("word/document.xml", b" " * 200 * 1024 * 1024)


def docx_with_entities() -> bytes:
    """A DOCX file whose text would expand to gigabytes, and would contain a file of the server."""
    levels = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    entities = f'<!DOCTYPE w:document [<!ENTITY e0 "ha"><!ENTITY file SYSTEM "file:///etc/passwd">{levels}]>'
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{namespace}"><w:body><w:p><w:r><w:t>Text &e9; &file;</w:t></w:r></w:p></w:body>'
    return with_part("word/document.xml", f"{entities}{body}</w:document>".encode())


def a_pdf(pages: int = 1, lines: int = 2, filler: bytes = b"") -> bytes:
    """A PDF file with that many lines of text on each page, and `filler` in an object that is not used."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in range(pages):
        text = "".join(f"(Page {page}, line {line}: the key is under the mat.) Tj T* " for line in range(lines))
        stream = f"BT /F1 9 Tf 12 TL 40 800 Td {text}ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 850] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (pages, b" ".join(b"%d 0 R" % kid for kid in kids))
    if filler:
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(filler), filler))
    written, offsets = b"%PDF-1.4\n", []
    parts = [written]
    size = len(written)
    for number, each in enumerate(objects, 1):
        offsets.append(size)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, each))
        size += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    parts.append(
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, size)
    )
    return b"".join(parts)
