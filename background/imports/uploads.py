"""Reads an uploaded file piece by piece, and splits it into chunks of the same size in UTF-8 for storage."""

import codecs
import re
from collections.abc import Callable, Iterator

from core.errors import InvalidRequest, PayloadTooLarge

MAX_BYTES = 50 * 1024 * 1024  # of the file as it is sent
CHUNK_BYTES = 256 * 1024  # of each stored chunk except the last one
_READ_BYTES = 64 * 1024
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Encodings that spreadsheets and shops write. Others, such as UTF-7, would only be mistakes.
_ENCODINGS = re.compile(
    r"utf-8|ascii|utf-16(-[lb]e)?|iso8859-\d+|cp125\d|koi8-[ru]|mac-roman|shift_jis|euc_jp|euc_kr|gbk|gb18030|big5"
)


def find_encoding(charset: str | None) -> str | None:
    """Python's name of the encoding that a content type declares. Raises InvalidRequest for an unknown one."""
    if charset is None:
        return None
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        name = ""
    if not _ENCODINGS.fullmatch(name):
        raise InvalidRequest.at("$", "The charset of the Content-Type is not supported. Save the file as UTF-8.")
    return name


def starts_with_mark(start: bytes) -> bool:
    """Whether a file starts with a byte order mark."""
    return any(start.startswith(mark) for mark, _ in _MARKS)


def read_chunks(read: Callable[[int], bytes], charset: str | None) -> Iterator[bytes]:
    """The file that `read` returns in pieces, in UTF-8 without a byte order mark, in chunks of CHUNK_BYTES. Only the
    last one is shorter, and empty if the file is.

    A byte order mark takes precedence over the `charset`. Invalid characters stay invalid, so that the import can
    report their lines. Raises PayloadTooLarge, and InvalidRequest for an unknown charset.
    """
    pending = bytearray()
    for text in _recoded(_pieces(read), find_encoding(charset)):
        pending += text
        while len(pending) > CHUNK_BYTES:
            yield bytes(pending[:CHUNK_BYTES])
            del pending[:CHUNK_BYTES]
    yield bytes(pending)


def _recoded(pieces: Iterator[bytes], encoding: str | None) -> Iterator[bytes]:
    start = next(pieces, b"")
    mark, marked = next(((mark, name) for mark, name in _MARKS if start.startswith(mark)), (b"", None))
    recode = _recoder(marked or encoding or "utf-8")
    yield recode(start[len(mark) :], False)
    for piece in pieces:
        yield recode(piece, False)
    yield recode(b"", True)


def _pieces(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Pieces of the file, of which the first has at least three bytes if the file has."""
    size, start = 0, b""
    while piece := read(_READ_BYTES):
        size += len(piece)
        if size > MAX_BYTES:
            raise PayloadTooLarge(f"The file has more than {MAX_BYTES // 1024 // 1024} MB.")
        start += piece
        if len(start) >= len(codecs.BOM_UTF8):
            yield start
            start = b""
    if start:
        yield start


def _recoder(encoding: str) -> Callable[[bytes, bool], bytes]:
    """Returns a function that takes a piece and whether the file ends, and returns it in UTF-8."""
    if encoding in ("utf-8", "ascii"):
        return lambda piece, _is_end: piece
    # An invalid character becomes U+DC80 to U+DCFF, or a surrogate of UTF-16 stays one. Neither is valid in UTF-8.
    errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
    decoder = codecs.getincrementaldecoder(encoding)(errors)

    def recode(piece: bytes, is_end: bool) -> bytes:
        try:
            return decoder.decode(piece, is_end).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError:  # half a character at the end of UTF-16
            return b"\xff"

    return recode
