"""Public interface to language models.

    client = ModelClient(api_key, base_url)  # one per process; without a base URL, OpenAI is called
    messages = [{"role": "user", "content": "Where is my order?"}]
    settings = ModelSettings("gpt-4.1-mini", temperature=0.2, timeout=10)
    answer = client.complete(messages, settings, deadline=time.monotonic() + 30)
    print(answer.text, [call.cost_usd for call in answer.calls])
    client.close()

`complete` retries failed requests until the deadline, then tries `settings.fallback_model`, and raises ModelFailed if
there is no answer. Both the answer and the exception list every request made as a `Call`, with tokens, cost and time.
With `on_delta` the answer is streamed; with `json_schema` it is constrained to a schema.

The implementation is in `llm/`; its docstring lists the modules.
"""

from llm.client import ModelClient
from llm.types import Answer, Call, ModelFailed, ModelSettings

__all__ = ["Answer", "Call", "ModelClient", "ModelFailed", "ModelSettings"]
