"""Every view declares its authorization, and checks it before it reads the request."""

from pathlib import Path

import auth
from core.view_spec import View, spec_of
from routes import decorators
from tests.architecture.docs import ACCESS, bare_app, summary_of

AUTH = Path(auth.__file__)
DECORATORS = Path(decorators.__file__)


def files_of(view: View) -> list[Path]:
    """The files that define the view's decorators, from the outermost to the view itself."""
    files = [Path(view.__code__.co_filename)]
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
        files.append(Path(view.__code__.co_filename))
    return files


def test_every_view_declares_its_authorization() -> None:
    views = bare_app().view_functions
    assert views
    undeclared = [endpoint for endpoint, view in views.items() if spec_of(view).auth not in ACCESS]
    assert undeclared == []


def test_authorization_comes_before_validation() -> None:
    for endpoint, view in bare_app().view_functions.items():
        files = files_of(view)
        assert AUTH in files, f"{endpoint} has no authorization decorator"
        if DECORATORS in files:
            assert files.index(AUTH) < files.index(DECORATORS), f"{endpoint} validates the request before authorization"


def test_every_documented_view_has_a_complete_sentence_as_its_summary() -> None:
    without_summary = [
        endpoint
        for endpoint, view in bare_app().view_functions.items()
        if spec_of(view).responses and not summary_of(view).endswith(".")
    ]
    assert without_summary == [], "the first line of a docstring is shown in docs/api.md"
