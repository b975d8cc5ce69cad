"""Finds numbers that stand alone in a text, as people write them: 39.90, 39,90, 1,234.50, 1 234, €12."""

import re
from dataclasses import dataclass

_CURRENCY = r"(?:[$€£¥₹₽₩]|\b(?:USD|EUR|GBP|JPY|INR|CHF|MXN|AED|SAR|EGP|euros?|dollars?|pounds?|rupees?)\b)"
# Not next to a letter, a digit or a sign that makes it part of a code, a range, a date, a time or an address.
_NUMBER = re.compile(
    r"(?<![\w.,:/#@'+*=-])(?P<sign>-)?(?P<digits>\d+(?:[.,' \u00a0]\d+)*)(?![\w@*=]|[.,:/'-]\w)", re.UNICODE
)
_BEFORE = re.compile(rf"{_CURRENCY}\s?$", re.IGNORECASE)
_AFTER = re.compile(rf"\s?{_CURRENCY}", re.IGNORECASE)
_TELEPHONE = re.compile(r"\+\d[\d\s().-]*")


@dataclass(frozen=True)
class Number:
    """A number and its position in the text. `is_money` is whether a currency is next to it."""

    value: float
    start: int
    end: int
    is_money: bool


def find_numbers(text: str) -> list[Number]:
    """Returns the numbers of the text that have only one possible meaning, in order. Digits must be ASCII."""
    numbers = []
    text = _TELEPHONE.sub(lambda match: "x" * len(match.group()), text)
    for match in _NUMBER.finditer(text):
        for start, end in _pieces(match):
            value = _read(text[start:end])
            if value is None:
                continue
            is_money = bool(_BEFORE.search(text[:start]) or _AFTER.match(text, end))
            sign_at = match.start("sign")
            is_first = start == match.start("digits")
            negative = sign_at >= 0 and is_first
            numbers.append(Number(-value if negative else value, sign_at if negative else start, end, is_money))
    return numbers


def _pieces(match: re.Match[str]) -> list[tuple[int, int]]:
    """Splits at spaces: `1 234` is one number because its groups have three digits, otherwise they are separate."""
    start, end = match.span("digits")
    digits = match["digits"]
    if not re.search(r"[ \u00a0]", digits) or re.fullmatch(r"\d{1,3}(?:[ \u00a0]\d{3})+(?:[.,]\d+)?", digits):
        return [(start, end)]
    return [(start + piece.start(), start + piece.end()) for piece in re.finditer(r"[^ \u00a0]+", digits)]


def _read(digits: str) -> float | None:
    digits = re.sub(r"[ \u00a0']", "", digits)
    if len(digits) > 15:
        return None
    if re.fullmatch(r"\d+", digits):
        return float(digits)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):  # 1,234.50
        return float(digits.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}", digits):  # 1.234,50
        return float(digits.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d+[.,]\d{1,2}|\d+\.\d{4,}", digits):  # 39.90 and 39,90
        return float(digits.replace(",", "."))
    return None  # 1.234 means one thousand in some languages and about one in others
