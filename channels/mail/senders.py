"""Whether a mail is from the address that it names, as the receiving server has found."""

import re

_COMMENT = re.compile(r"\([^()]*\)")
_PROPERTIES = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}


def is_authentic(results: list[str], server: str, address: str) -> bool:
    """Whether the server vouches for the domain of the address: DMARC has passed, or SPF or DKIM of that domain.

    `results` are the headers Authentication-Results (RFC 8601). Those that do not start with the name of the server do
    not count, because every sender can add one. A server removes others with its own name.
    """
    domain = address.rpartition("@")[2].lower()
    for result in results:
        name, _, rest = _COMMENT.sub(" ", result.lower()).partition(";")
        if name.split()[:1] == [server.lower()]:
            return any(_passes(each.split(), domain) for each in rest.split(";"))
    return False


def _passes(words: list[str], domain: str) -> bool:
    """Whether one method, such as `dkim=pass header.d=example.com`, vouches for the domain."""
    if not words:
        return False
    method, _, result = words[0].partition("=")
    if result != "pass":
        return False
    values = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    if method == "dmarc":
        return values.get("header.from", domain) == domain
    domains = [values[name].rpartition("@")[2] for name in _PROPERTIES.get(method, ()) if name in values]
    return any(domain == each or domain.endswith(f".{each}") for each in domains)
