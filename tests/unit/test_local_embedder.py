"""The embedding model of the development environment."""

import threading
import uuid

import pytest

from core.embeddings import EmbeddingsUnavailable
from message_processing.knowledge import local_embedder
from message_processing.knowledge.local_embedder import LocalEmbedder

BUSINESS = uuid.uuid4()


def test_passages_do_not_wait_longer_than_allowed_for_those_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = LocalEmbedder()
    embedder.embed_passages(BUSINESS, ["Opening hours"], 30.0)  # loads the model
    is_busy, may_end = threading.Event(), threading.Event()
    run_in_thread = local_embedder.run_in_thread

    def run_slowly(*args: object) -> object:
        is_busy.set()
        assert may_end.wait(30)
        return run_in_thread(*args)

    monkeypatch.setattr(local_embedder, "run_in_thread", run_slowly)
    other = threading.Thread(target=embedder.embed_passages, args=(BUSINESS, ["A long article"], 30.0))
    other.start()
    try:
        assert is_busy.wait(30)
        with pytest.raises(EmbeddingsUnavailable, match="busy"):
            embedder.embed_passages(BUSINESS, ["Returns"], 0.1)
        assert other.is_alive()  # the caller has not waited for it
    finally:
        may_end.set()
        other.join()
