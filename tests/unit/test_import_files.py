"""Reading uploaded files: encodings, rows, and the problems of single lines."""

import io
from typing import Any

import pytest

from background.imports.lines import MAX_RECORD_BYTES, UnreadableFile, Window
from background.imports.parsing import FileFormat, Layout, ParsedBatch, parse_batch, read_layout
from background.imports.uploads import CHUNK_BYTES, MAX_BYTES, find_encoding, read_chunks
from core.errors import InvalidRequest, PayloadTooLarge

ORDERS = FileFormat("orders", "csv", ignore_unknown=False)
LINES = FileFormat("orders", "ndjson", ignore_unknown=False)
HEADER = "order_number,user.external_id,status,order_total,shipping_address,order_date,items\n"
WORDS = "Grüße 🏠 שלום עולם 你好"


def upload(data: bytes, charset: str | None = None) -> bytes:
    return b"".join(read_chunks(io.BytesIO(data).read, charset))


def parse(text: str | bytes, file: FileFormat = ORDERS) -> ParsedBatch:
    data = text.encode() if isinstance(text, str) else text
    window = Window(data, 0, 1, is_end=True)
    return parse_batch(file, window, read_layout(file, window) if file.format == "csv" else None)


def names(batch: ParsedBatch) -> dict[int, str]:
    return {row.line: row.name for row in batch.rows}


def problem(batch: ParsedBatch, line: int) -> str:
    [found] = batch.invalid[line]
    return f"{found['path']}: {found['message']}"


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-8-sig", "windows-1252"),  # the byte order mark says what it is
        ("utf-16", None),
        ("utf-16-le", "utf-16le"),
        ("gb18030", "GB18030"),
    ],
)
def test_file_is_stored_in_utf8_without_a_byte_order_mark(encoding: str, charset: str | None) -> None:
    text = f"order_number\n{WORDS}\n" * 20_000
    assert upload(text.encode(encoding), charset) == text.encode()


def test_spreadsheet_in_windows_1252_is_read_if_the_type_says_so() -> None:
    assert upload("Grüße €".encode("cp1252"), "windows-1252") == "Grüße €".encode()


@pytest.mark.parametrize("charset", ["utf-7", "rot13", "zlib", "no such charset", "idna"])
def test_unsupported_charset_is_refused(charset: str) -> None:
    with pytest.raises(InvalidRequest):
        find_encoding(charset)


def test_chunks_have_the_same_size_except_the_last() -> None:
    data = b"x" * (3 * CHUNK_BYTES + 5)
    assert [len(each) for each in read_chunks(io.BytesIO(data).read, None)] == [CHUNK_BYTES] * 3 + [5]
    assert list(read_chunks(io.BytesIO(b"").read, None)) == [b""]


def test_file_above_the_limit_is_refused_while_it_arrives() -> None:
    pieces = iter([b"x" * 1024 * 1024] * 60)
    with pytest.raises(PayloadTooLarge):
        for _ in read_chunks(lambda size: next(pieces), None):
            pass
    assert len(list(pieces)) == 60 - MAX_BYTES // 1024 // 1024 - 1


def test_quoted_line_breaks_emoji_and_right_to_left_text_are_kept() -> None:
    batch = parse(f'{HEADER}A-1,c-1,paid,12.50,"{WORDS}\nsecond ""line""\r\nthird",2026-01-31,"[]"\nA-2,c-2,,,,,\n')
    assert names(batch) == {2: "A-1", 5: "A-2"}
    assert batch.rows[0].values["shipping_address"] == f'{WORDS}\nsecond "line"\r\nthird'
    assert batch.rows[0].values["order_total"] == 12.5
    assert batch.rows[0].values["order_date"].isoformat() == "2026-01-31T00:00:00+00:00"
    assert batch.rows[1].values == {"user": {"external_id": "c-2"}}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_ends_are_recognised(delimiter: str, end: str) -> None:
    rows = [["order_number", "user.external_id"], ["A-1", "c-1"], [], ["", ""], ["A-2", "c-2"]]
    batch = parse(end.join(delimiter.join(row) for row in rows))
    assert names(batch) == {2: "A-1", 5: "A-2"}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("A-1,c-1,paid", "$: The row has 3 values, but there are 7 columns."),
        (",c-1,paid,,,,", "$.order_number: Must have 1 to 100 characters."),
        ("A-1,c-1,,1,5,,,", "$: The row has 8 values"),
        ("A-1,c-1,,many,,,", "$.order_total: Must be a number with a decimal point, such as 1234.50."),
        ("A-1,c-1,,NaN,,,", "$.order_total: Must be a number with a decimal point, such as 1234.50."),
        ("A-1,c-1,,-1,,,", "$.order_total: The value is less than the minimum of 0"),
        ("A-1,c-1,,,,31.01.2026,", "$.order_date: Must be a date and time such as 2026-01-31T09:30:00+01:00."),
        ("A-1,c-1,,,,,{", "$.items: Must be JSON."),
        ("A-1,c-1,\0,,,,", "$.status: Text contains a NUL or invalid Unicode."),
        ("A-1,,paid,,,,", "$: One of these is required: `user_id` or `user`."),
        ('A-1,c-1,"pa"id,,,,', '$: A quotation mark in a quoted field must be doubled: "".'),
        ('A-1,c-1,"paid,,,,', "$: A quotation mark is not closed."),
    ],
)
def test_invalid_row_is_reported_by_line_and_the_others_are_read(row: str, expected: str) -> None:
    batch = parse(f"{HEADER}A-0,c-0,,,,,\n{row}\nA-9,c-9,,,,,\n")
    assert names(batch) == {2: "A-0", 4: "A-9"}
    assert problem(batch, 3).startswith(expected)


def test_bytes_that_are_not_utf8_are_reported_for_their_line() -> None:
    batch = parse(HEADER.encode() + "A-1,c-1,gelöscht,,,,\nA-2,c-2,,,,,\n".encode("cp1252"))
    assert names(batch) == {3: "A-2"}
    assert problem(batch, 2) == "$.status: Text contains a NUL or invalid Unicode."


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "The file has no row with the names of the columns."),
        ("\n\n", "The file has no row with the names of the columns."),
        ("order_number,user.external_id,colour\n", "Unknown columns: colour. "),
        ("status,user.external_id\n", "There is no column order_number."),
        ("order_number,status,status\n", "These columns are there twice: status."),
    ],
)
def test_file_with_unusable_columns_is_refused(header: str, expected: str) -> None:
    with pytest.raises(UnreadableFile) as raised:
        parse(header)
    assert str(raised.value).startswith(expected)


def test_unknown_columns_and_fields_are_ignored_on_request() -> None:
    csv = FileFormat("orders", "csv", ignore_unknown=True)
    assert names(parse("order_number,colour,user.external_id\nA-1,red,c-1\n", csv)) == {2: "A-1"}
    lines = FileFormat("orders", "ndjson", ignore_unknown=True)
    batch = parse('{"order_number": "A-1", "colour": 1, "user": {"external_id": "c-1", "height": 2}}\n', lines)
    assert batch.rows[0].values == {"user": {"external_id": "c-1"}}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[1]", "$: Must be a JSON object."),
        ('{"order_number": "A-1"', "$: The line is not valid JSON"),
        ('{"order_number": "A-1", "order_number": "A-2"}', "$: Duplicate field."),
        ('{"order_number": "A-1", "order_total": NaN}', "$: NaN is not valid JSON."),
        ('{"order_number": 7, "user_id": "00000000-0000-4000-8000-000000000000"}', "$.order_number: Must have 1"),
        ('{"order_number": "\\u0000", "user": {"external_id": "c-1"}}', "$.order_number: Text contains a NUL"),
        ('{"order_number": "A-1", "colour": 1, "user": {"external_id": "c-1"}}', "$.colour: Unknown field."),
        ('{"order_number": "A-1", "business_id": "00000000-0000-4000-8000-000000000000", "user": {"external_id": "c"}}',
         "$.business_id: Unknown field."),
        ("[" * 5000, "$: The line is nested too deeply."),
    ],
)  # fmt: skip
def test_invalid_line_of_ndjson_is_reported(line: str, expected: str) -> None:
    valid = '{"order_number": "A-9", "user": {"external_id": "c-9"}, "shipping_address": null}'
    batch = parse(f"{line}\n\n{valid}\n", LINES)
    assert names(batch) == {3: "A-9"}
    assert problem(batch, 1).startswith(expected)


def in_windows(data: bytes, size: int) -> tuple[list[Any], int]:
    """The rows of a file that is read in windows of this size, and the line after the last one."""
    window = Window(data[:size], 0, 1, is_end=size >= len(data))
    layout: Layout = read_layout(ORDERS, window)
    position, line, rows = window.position, window.line, []
    while position < len(data):
        window = Window(data[position : position + size], position, line, is_end=position + size >= len(data))
        batch = parse_batch(ORDERS, window, layout)
        rows += [(row.line, row.name, row.values) for row in batch.rows] + [*batch.invalid.items()]
        assert batch.position > position
        position, line = batch.position, batch.line
    return rows, line


def test_rows_are_the_same_however_the_file_is_cut() -> None:
    rows = "".join(f'A-{n},c-{n},paid,{n},"line\r\n{WORDS}",,\r\n' if n % 3 else f"A-{n},x\n" for n in range(2000))
    data = (HEADER + rows).encode()
    whole, lines = in_windows(data, len(data))
    assert len(whole) == 2000
    for size in (MAX_RECORD_BYTES * 2, MAX_RECORD_BYTES + 1):
        assert in_windows(data, size) == (whole, lines)


def test_quotation_mark_that_is_never_closed_costs_one_line() -> None:
    rows = "".join(f"A-{n},c-{n},,,{'x' * 500},,\n" for n in range(2000))
    read, _ = in_windows(f'{HEADER}A-x,"c\n{rows}'.encode(), 2 * MAX_RECORD_BYTES)
    assert len(read) == 2001


@pytest.mark.parametrize("lines_before", [1, 2000, 3500])
def test_row_above_the_limit_is_reported_wherever_it_is(lines_before: int) -> None:
    before = "".join(f"A-{n},c-{n},paid,1,{'x' * 60},,\n" for n in range(lines_before))
    long = "".join(f"{'y' * 99}\n" for _ in range(MAX_RECORD_BYTES // 100 + 1))
    rows, _ = in_windows(f'{HEADER}{before}B,"c\n{long}",,,,,\nC,c,,,,,\n'.encode(), 2 * MAX_RECORD_BYTES)
    assert rows[lines_before][1][0]["message"] == "The row is too long, or a quotation mark is not closed."
    assert ("C", {"user": {"external_id": "c"}}) in [each[1:] for each in rows]


def test_line_without_an_end_is_refused() -> None:
    with pytest.raises(UnreadableFile) as raised:
        in_windows(HEADER.encode() + b"x" * MAX_RECORD_BYTES * 3, 2 * MAX_RECORD_BYTES)
    assert str(raised.value) == "Line 2 has more than 256 KB."
