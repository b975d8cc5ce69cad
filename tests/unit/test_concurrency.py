"""Greenlets and threads in the server's processes. The tests run in processes of their own, which are patched."""

import subprocess
import sys

LOOK_UPS = """
import gevent.monkey
gevent.monkey.patch_all(os=False, signal=False, subprocess=False)
import time
from core.concurrency import run_in_thread
threads = gevent.get_hub().threadpool
slow = [threads.spawn(gevent.monkey.get_original("time", "sleep"), 3) for _ in range(threads.maxsize)]
run_in_thread(len, "")
print(any(each.ready() for each in slow))
"""


def test_work_in_threads_does_not_wait_for_look_ups_of_host_names() -> None:
    """gevent looks host names up in its own threads, where each may take many seconds."""
    done = subprocess.run([sys.executable, "-c", LOOK_UPS], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False\n"
