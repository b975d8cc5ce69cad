"""Imports on real servers: large files, uploads without a length, killed processes, and memory."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.processes.conftest import Business, StartDeployment
from tests.support.documents import a_pdf

HEADER = "order_number,user.external_id,user.first_name,status,order_total,currency,shipping_address,items\n"
ROWS = 50_000
MAX_SECONDS = 60
MAX_MEMORY_KB = 300 * 1024
_TIMEOUT = 120.0  # seconds
_INTERVAL = 0.1


def row(number: int, status: str = "paid") -> str:
    items = json.dumps([{"product_name": f"Lantern {number % 90}", "quantity": 2, "price": 12.5}]).replace('"', '""')
    return f'A-{number},c-{number % 20_000},Zoë 🏮,{status},25.00,EUR,"Street {number}\r\nHamburg","{items}"\r\n'


def upload(business: Business, file: Any, **options: Any) -> str:
    headers = {"Content-Type": "text/csv"}
    found = business.request("POST", "/imports/orders", content=file, headers=headers, timeout=_TIMEOUT, **options)
    return str(found["import_id"])


def wait(business: Business, import_id: str, rows: int | None = None) -> dict[str, Any]:
    """The import when it has ended, or has done this many rows."""
    deadline = time.monotonic() + _TIMEOUT
    while True:
        found: dict[str, Any] = business.request("GET", f"/imports/{import_id}")
        done = found["created"] + found["unchanged"] + found["updated"] + found["invalid"]
        if found["status"] in ("finished", "failed") or (rows is not None and done >= rows):
            return found
        assert time.monotonic() < deadline, found
        time.sleep(_INTERVAL)


def test_file_without_a_content_length_arrives_whole(business: Business) -> None:
    """The start of a body is received before the application is called, and the rest while it reads."""
    line = f"A-1,c-1,,,,,{'x' * 900},\n"
    count = 3_000_000 // len(line)

    def pieces() -> Iterator[bytes]:
        yield HEADER.encode()
        for _ in range(count // 100):
            yield line.encode() * 100

    found = wait(business, upload(business, pieces()))
    assert found["bytes"] == len(HEADER) + count // 100 * 100 * len(line)
    assert (found["created"], found["invalid"]) == (1, count // 100 * 100 - 1)  # all rows have the same name


def test_other_requests_are_answered_while_a_document_is_converted(business: Business) -> None:
    file, options = a_pdf(pages=150, lines=60), {"headers": {"Content-Type": "application/pdf"}, "timeout": _TIMEOUT}
    with ThreadPoolExecutor() as threads:
        imported = threads.submit(business.request, "POST", "/articles/import", content=file, **options)
        answered = 0
        while not imported.done():
            business.request("GET", "/articles")
            answered += 1
        articles = imported.result()["articles"]
    assert answered > 1
    assert sum(each["passages"] for each in articles) > 400
    for each in articles:
        assert business.server.request("DELETE", f"/articles/{each['article_id']}", business.key).status_code == 204


def max_memory_kb(pid: int) -> int:
    """The highest resident memory of a process so far."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_fifty_thousand_orders_take_less_than_a_minute_and_300_mb(start_deployment: StartDeployment) -> None:
    invalid = {7, 30_000, ROWS}  # rows
    rows = [row(n) if n not in invalid else f"A-{n},,,,,,,\r\n" for n in range(1, ROWS + 1)]
    file = (HEADER + "".join(rows)).encode()
    with start_deployment() as deployment:
        business = deployment.add_business()
        for expected in ("created", "unchanged"):
            started = time.monotonic()
            found = wait(business, upload(business, file))
            seconds = time.monotonic() - started
            memory = [max_memory_kb(pid) for pid in deployment.server.workers()]
            print(f"{expected}: {seconds:.1f} s, {max(memory) // 1024} MB, {len(file) // 1024} KB")
            assert (found["status"], found[expected], found["invalid"]) == ("finished", ROWS - 3, 3), found
            # A row has two lines, except the invalid ones.
            lines = [2 * n - sum(each < n for each in invalid) for n in sorted(invalid)]
            assert [each["line"] for each in found["invalid_lines"]] == lines
            assert max(memory) < MAX_MEMORY_KB
            assert seconds < MAX_SECONDS
        changed = business.select("SELECT FROM orders WHERE business_id = %(business_id)s AND updated_at > created_at")
        assert len(business.select("SELECT FROM orders WHERE business_id = %(business_id)s")) == ROWS - 3
        assert len(changed) < ROWS  # the two times differ by microseconds in new rows
        assert business.select("SELECT FROM import_chunks") == []


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_import_continues_after_its_process_is_killed(start_deployment: StartDeployment) -> None:
    rows = 12_000
    file = (HEADER + "".join(row(n) for n in range(rows))).encode()
    with start_deployment() as deployment:
        business = deployment.add_business()
        import_id = upload(business, file)
        for share in (0.2, 0.6):
            wait(business, import_id, int(rows * share))
            deployment.server.kill()
            deployment.server.start()
        found = wait(business, import_id)
        assert (found["status"], found["created"], found["invalid"]) == ("finished", rows, 0)
        assert len(business.select("SELECT FROM orders WHERE business_id = %(business_id)s")) == rows
