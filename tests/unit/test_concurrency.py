"""Greenlets and threads in the server's processes. The tests run in processes of their own, which are patched."""

import subprocess
import sys

PATCHED = """
import gevent.monkey
gevent.monkey.patch_all(os=False, signal=False, subprocess=False)
import os
from core.concurrency import run_in_thread
"""
LOOK_UPS = """
threads = gevent.get_hub().threadpool
slow = [threads.spawn(gevent.monkey.get_original("time", "sleep"), 3) for _ in range(threads.maxsize)]
run_in_thread(len, "")
print(any(each.ready() for each in slow))
"""
FORK = """
run_in_thread(len, "")
if os.fork():
    print(os.waitstatus_to_exitcode(os.wait()[1]))
else:
    gevent.reinit()
    with gevent.Timeout(20, False):
        os._exit(run_in_thread(len, "abc"))
    os._exit(99)
"""


def output_of(code: str) -> str:
    command = [sys.executable, "-c", PATCHED + code]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_work_in_threads_does_not_wait_for_look_ups_of_host_names() -> None:
    """gevent looks host names up in its own threads, where each may take many seconds."""
    assert output_of(LOOK_UPS) == "False\n"


def test_forked_process_can_run_work_in_threads() -> None:
    assert output_of(FORK) == "3\n"
