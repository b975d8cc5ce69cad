"""Changes that make a request unusual in ways that no schema describes. The response must still be a documented one."""

import json
from collections.abc import Callable
from typing import Any

Change = Callable[[dict[str, Any]], None]  # changes the arguments of a test client's `open`, including `headers`


def _body(raw: bytes, content_type: str | None = "application/json") -> Change:
    def change(request: dict[str, Any]) -> None:
        request.pop("json", None)
        request["data"] = raw
        request["headers"].pop("Content-Type", None)
        if content_type is not None:
            request["headers"]["Content-Type"] = content_type

    return change


def _query(text: str) -> Change:
    """Sets the encoded query string."""
    return lambda request: request.update(query_string=text)


def _header(name: str, value: str) -> Change:
    return lambda request: request["headers"].update({name: value})


def _method(name: str) -> Change:
    return lambda request: request.update(method=name)


def _path(end: str) -> Change:
    return lambda request: request.update(path=request["path"].rpartition("/")[0] + end)


def _value(value: str) -> Change:
    """Replaces the value of the last field of the body by this JSON."""

    def change(request: dict[str, Any]) -> None:
        body = request.pop("json", None)
        fields = {**body} if isinstance(body, dict) else {}
        fields.pop(name := next(reversed(fields), "message"), None)
        others = "".join(f"{json.dumps(each)}: {json.dumps(fields[each])}, " for each in fields)
        _body(f"{{{others}{json.dumps(name)}: {value}}}".encode())(request)

    return change


# Bodies that every operation with a body rejects.
REFUSED: dict[str, Change] = {
    "a body of whitespace": _body(b" \r\n\t"),
    "null": _body(b"null"),
    "a number": _body(b"1"),
    "a huge number": _body(b'{"message": 1' + b"0" * 400 + b', "position": 1e308, "price": 1e309}'),
    "a number with too many digits": _body(b"1" * 5000),
    "NaN": _body(b'{"price": NaN, "temperature": -Infinity}'),
    "deep lists": _body(b"[" * 100_000),
    "deep objects": _body(b'{"metadata": ' * 150 + b"1" + b"}" * 150),
    "a NUL": _body(rb'{"message": "a\u0000b", "stage_name": "\u0000"}'),
    "a raw NUL": _body(b'{"message": "\x00"}'),
    "a lone surrogate": _body(rb'{"message": "\ud800", "\udfff": 1}'),
    "a duplicate field": _body(b'{"message": "a", "message": "b"}'),
    "not UTF-8": _body(b'{"message": "\xff\xfe"}'),
    "UTF-16": _body('{"message": "a"}'.encode("utf-16")),
    "a byte order mark": _body(b'\xef\xbb\xbf{"message": "a"}'),
    "truncated JSON": _body(b'{"message": "a'),
    "another __proto__": _body(b'{"__proto__": {"is_admin": true}, "constructor": {}}'),
    "a body over the size limit": _body(b'{"message": "' + b"a" * 2_200_000 + b'"}'),
    "text": _body(b"hello", "text/plain"),
    "JSON declared as text": _body(b'{"message": "a"}', "text/plain"),
    "JSON without a content type": _body(b'{"message": "a"}', None),
    "an invalid content type": _body(b"{}", ";;/=,\t"),
    "a form": _body(b"message=a&user_id=b", "application/x-www-form-urlencoded"),
    "an unfinished upload": _body(
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb", "multipart/form-data; boundary=x"
    ),
    "a form without a boundary": _body(b"--", "multipart/form-data"),
    "XML": _body(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "application/xml"),
    "a value with a NUL": _value(r'"a\u0000b"'),
    "a value with a lone surrogate": _value(r'"\ud83d and \ude00"'),
    "an infinite value": _value("1e400"),
    "a value of 300 digits": _value("-" + "9" * 300),
    "a deeply nested value": _value("[" * 500 + "]" * 500),
}

ODDITIES: dict[str, Change] = {
    **REFUSED,
    "no body": _body(b"", None),
    "an empty body": _body(b""),
    "nested within the limit": _body(b'{"metadata": ' * 60 + b"{}" + b"}" * 60),
    "JSON with another charset": _body(b'{"message": "a"}', "application/json; charset=utf-7"),
    "another JSON content type": _body(b"{}", "application/merge-patch+json"),
    "a value of emoji": _value(json.dumps("\U0001f469\u200d\U0001f680\u202e\u0130\u00df\ufdfa" * 20)),
    "a value of spaces": _value(r'"\u00a0\u2028\ufeff"'),
    "a value of templates": _value(r'"{user_name} {{message}} {a|{b}} \\{ {last_9999_messages} {0.__class__}"'),
    "a value of SQL and HTML": _value('"\'; DROP TABLE users; --<script>"'),
    "query: a NUL": _query("limit=%00&cursor=%00&q=%00&business_id=%00"),
    "query: not UTF-8": _query("q=%ff%fe&cursor=%ed%a0%80"),
    "query: twice": _query("limit=1&limit=x&business_id=1&business_id=2"),
    "query: huge": _query("limit=" + "9" * 400 + "&offset=1e9"),
    "query: negative": _query("limit=-1&offset=-9999999999999999"),
    "query: other digits": _query("limit=%D9%A3&offset=1_0"),
    "query: first and last year": _query("from=0001-01-01T00:00:00%2B14:00&to=9999-12-31T23:59:59-12:00"),
    "query: invalid time": _query("from=2026-02-30T25:61:00Z&to=now"),
    "query: malformed": _query("&&=&%&%zz&a[]=1&=;limit"),
    "query: a cursor of another list": _query("cursor=WyIyMDI2LTAxLTAxIiwgMV0"),
    "query: long": _query("q=" + "a" * 20_000),
    "query: operators": _query("q=" + "%22a%20or%20-%28%7C%26%21%3A%2A%29" * 20),
    "Idempotency-Key: empty": _header("Idempotency-Key", ""),
    "Idempotency-Key: long": _header("Idempotency-Key", "k" * 5000),
    "Idempotency-Key: not ASCII": _header("Idempotency-Key", "\xff\x00 \x7f"),
    "Idempotency-Key: the same": _header("Idempotency-Key", "the-same"),
    "If-Match: any": _header("If-Match", "*"),
    "If-Match: stale": _header("If-Match", '"0", W/"1"'),
    "If-Match: invalid": _header("If-Match", 'W/"\xff, "'),
    "If-None-Match": _header("If-None-Match", "*"),
    "Origin: foreign": _header("Origin", "https://evil.example"),
    "Origin: null": _header("Origin", "null"),
    "Origin: ours": _header("Origin", "http://localhost:3000"),
    "Authorization: Basic": _header("Authorization", "Basic YTpi"),
    "Authorization: empty": _header("Authorization", "Bearer "),
    "Authorization: not ASCII": _header("Authorization", "Bearer \xe4\xff"),
    "Authorization: invalid token": _header("Authorization", "Bearer e30.e30.e30"),
    "Authorization: long": _header("Authorization", "Bearer " + "a" * 20_000),
    "Cookie: invalid": _header("Cookie", 'businessApiKey=\xff"; icmpLogin=e30.e30.; =; a'),
    "Accept: events": _header("Accept", "text/event-stream"),
    "Accept: invalid": _header("Accept", "\xff;q=x, */*;q=-1"),
    "Accept-Language: invalid": _header("Accept-Language", "*" * 500),
    "X-Request-Id: invalid": _header("X-Request-Id", "\xff\t{}" * 200),
    "X-Forwarded-For: invalid": _header("X-Forwarded-For", "::1, ,\xff, " + "9." * 500),
    "X-HTTP-Method-Override": _header("X-HTTP-Method-Override", "DELETE"),
    "Content-Encoding": _header("Content-Encoding", "gzip"),
    "Range": _header("Range", "bytes=0-0, -9999"),
    "Host: invalid": _header("Host", "a b\xff:99999"),
    "method: PATCH": _method("PATCH"),
    "method: OPTIONS": _method("OPTIONS"),
    "method: HEAD": _method("HEAD"),
    "method: TRACE": _method("TRACE"),
    "method: unknown": _method("G\xcbT"),
    "path: trailing slash": _path("/x/"),
    "path: a NUL": _path("/%00"),
    "path: not UTF-8": _path("/%ff"),
    "path: a lone surrogate": _path("/%ed%a0%80"),
    "path: parent directory": _path("/..%2f..%2fetc%2fpasswd"),
    "path: long": _path("/" + "a" * 5000),
}
