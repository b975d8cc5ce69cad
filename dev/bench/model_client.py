"""Measures ICMP's model client alone: `python -m dev.bench.model_client URL CALLS IN_FLIGHT`.

Prints the CPU time per call in seconds. The process does nothing else, so that the figure contains neither the server
nor the prompts. Threads make the calls, whatever the server uses.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from dev.bench.load import MESSAGE
from openai_helper import ModelClient, ModelSettings

_MESSAGES = [
    {"role": "system", "content": "[[response]] You answer for Bench shop. " + "It sells things for the home. " * 10},
    {"role": "user", "content": "Customer: Hello\nAssistant: Hello, how can I help you?\n\n" + MESSAGE},
]


def measure(url: str, calls: int, in_flight: int) -> float:
    """Makes each connection's first call, then `calls` calls. Returns the CPU seconds of one of these."""
    client = ModelClient("none", url)

    def call(_: int) -> None:
        client.complete(_MESSAGES, ModelSettings("bench"), deadline=time.monotonic() + 60)

    with ThreadPoolExecutor(in_flight) as pool:
        list(pool.map(call, range(in_flight)))
        before = time.process_time()
        list(pool.map(call, range(calls)))
        used = time.process_time() - before
    client.close()
    return used / calls


if __name__ == "__main__":
    print(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
