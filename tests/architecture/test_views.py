"""Every view says who may call it, and asks before anything else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import auth
from routes import documented
from tests.architecture.docs import KEYS, bare_app, summary_of

AUTH = Path(auth.__file__)
DOCUMENTED = Path(documented.__file__)


def layers(view: Callable[..., Any]) -> list[Path]:
    """The files of a view's decorators, from the outermost to the view itself."""
    files = [Path(view.__code__.co_filename)]
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
        files.append(Path(view.__code__.co_filename))
    return files


def test_every_view_declares_its_auth() -> None:
    views = bare_app().view_functions
    assert views
    undeclared = [endpoint for endpoint, view in views.items() if getattr(view, "auth", None) not in KEYS]
    assert undeclared == []


def test_a_view_asks_who_calls_before_it_reads_what_they_say() -> None:
    for endpoint, view in bare_app().view_functions.items():
        files = layers(view)
        assert AUTH in files, f"{endpoint} says `auth` without one of auth's decorators"
        if DOCUMENTED in files:
            assert files.index(AUTH) < files.index(DOCUMENTED), f"{endpoint} reads the request before asking"


def test_every_view_of_the_api_has_a_summary() -> None:
    mute = [
        endpoint
        for endpoint, view in bare_app().view_functions.items()
        if getattr(view, "answers", None) and not summary_of(view)
    ]
    assert mute == []
