"""Restores the order of the members of recorded objects, which the database does not keep, from the prompts in which
they were written."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

_DECODER = json.JSONDecoder()


def objects_in(texts: Iterable[str]) -> list[dict[str, Any]]:
    """Returns all JSON objects in the texts, at any depth."""
    return [each for text in texts for value in _outermost(text) for each in _with_inner(value)]


def in_written_order(value: Any, written: list[dict[str, Any]]) -> Any:
    """Returns the value with the members of each object in the order of an equal one in `written`."""
    if isinstance(value, list):
        return [in_written_order(each, written) for each in value]
    if not isinstance(value, dict):
        return value
    for each in written:
        if each == value:
            return each
    return {name: in_written_order(each, written) for name, each in value.items()}


def _outermost(text: str) -> Iterator[dict[str, Any]]:
    start = text.find("{")
    while start >= 0:
        try:
            value, end = _DECODER.raw_decode(text, start)
            yield value
        except (ValueError, RecursionError):
            end = start + 1
        start = text.find("{", end)


def _with_inner(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _with_inner(each)
