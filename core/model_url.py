"""Base URLs of model servers."""

import re
from urllib.parse import urlsplit, urlunsplit


def model_base_url(url: str) -> str:
    """Returns the URL without `/chat/completions`, which some documentation includes. A query is kept.

    Raises ValueError with the rest of a sentence that starts with the name of the setting.
    """
    if not url.isascii():
        raise ValueError("must consist of ASCII characters.")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("is malformed.") from None
    if parts.fragment or re.search(r"\s", url):
        raise ValueError("must be a URL without spaces and without a part that starts with #.")
    path = re.sub(r"/chat/completions/*$", "", parts.path.rstrip("/"), flags=re.IGNORECASE)
    if wrong := re.search(r"/(completions|responses|embeddings|models)$", path, re.IGNORECASE):
        raise ValueError(f"must end before {wrong[0]}, for example in /v1.")
    return urlunsplit(parts._replace(path=path))
