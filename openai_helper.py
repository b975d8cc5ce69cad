"""Public interface to language models: create a `ModelClient` and call `complete`. The implementation is in `llm/`."""

from llm.client import ModelClient
from llm.types import Answer, Call, ModelFailed, ModelSettings

__all__ = ["Answer", "Call", "ModelClient", "ModelFailed", "ModelSettings"]
