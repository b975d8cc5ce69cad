"""Streams of visitors are limited per visitor, per business and together."""

from contextlib import ExitStack
from uuid import uuid4

import pytest

from core.errors import RateLimited
from message_processing.live.visitor_streams import MAX_PER_VISITOR, VisitorStreams


def test_visitors_take_at_most_half_of_the_connections() -> None:
    streams = VisitorStreams(max_connections=20, max_per_business=12)
    one, other = uuid4(), uuid4()
    with ExitStack() as opened:
        for _ in range(MAX_PER_VISITOR):
            opened.enter_context(streams.counting(one, "a"))
        with pytest.raises(RateLimited), streams.counting(one, "a"):
            pass
        for sender in ("b", "c"):
            opened.enter_context(streams.counting(one, sender))
        with pytest.raises(RateLimited), streams.counting(one, "d"):
            pass
        for sender in ("a", "b", "c", "d"):
            opened.enter_context(streams.counting(other, sender))
        with pytest.raises(RateLimited), streams.counting(uuid4(), "a"):
            pass
    with streams.counting(one, "a"):
        pass
