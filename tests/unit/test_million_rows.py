"""The time that lists of a million rows take (`make soak`). `test_list_cost` counts blocks instead."""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from repositories import messages
from repositories.page import Page
from tests.conftest import own_database
from tests.support.database import connect
from tests.support.filled_tables import Filled, fill
from tests.unit.test_list_cost import LIMIT, LISTS, MAX_RATIO, deep_page

MILLION = 1_000_000
NAMES = ("conversations", "conversations of a user", "events", "events of a type")


@pytest.fixture(scope="module")
def million(server_url: str, template_database: str) -> Iterator[Filled]:
    with own_database(server_url, template_database) as url, connect(url, autocommit=False) as conn:
        yield fill(conn, MILLION, ["conversations", "messages", "events"])


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", NAMES)
def test_page_at_the_millionth_row_takes_no_longer_than_the_first(million: Filled, name: str) -> None:
    read = LISTS[name]
    first, deep = Page(LIMIT), deep_page(MILLION)
    assert len(read(million, deep)) == LIMIT + 1
    took = _seconds(lambda: read(million, first), lambda: read(million, deep))
    assert took[1] <= MAX_RATIO * took[0], took


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_page_at_the_millionth_message_takes_no_longer_than_the_first(million: Filled) -> None:
    def read(after_seq: int) -> list[Any]:
        return messages.list_messages(million.conn, million.business_id, million.conversation_id, after_seq, LIMIT)

    took = _seconds(lambda: read(0), lambda: read(2 * MILLION - 4 * LIMIT))
    assert took[1] <= MAX_RATIO * took[0], took


def _seconds(*reads: Callable[[], Any]) -> list[float]:
    """The median time of each. The reads alternate, so that other load on the machine affects all of them."""
    times: list[list[float]] = [[] for _ in reads]
    for _ in range(60):
        for at, read in enumerate(reads):
            began = time.perf_counter()
            read()
            times[at].append(time.perf_counter() - began)
    return [statistics.median(each) for each in times]
