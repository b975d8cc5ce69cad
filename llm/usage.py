"""The token counts of a response, as providers bill them."""

from dataclasses import dataclass
from typing import Any

MAX_TOKENS = 100_000_000  # a larger count is a server's mistake


@dataclass(frozen=True)
class Usage:
    """Counts of tokens; None if the server has sent no plausible count.

    `cached_tokens` are those of the prompt that the provider has read from its cache. `completion_tokens` include
    `reasoning_tokens`, because providers bill them as output.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None

    def updated(self, usage: Any) -> "Usage":
        """Returns these counts with those of a `usage` object. Counts that it lacks or that are not plausible stay."""
        if not isinstance(usage, dict):
            return self
        prompt = _count(usage.get("prompt_tokens"), self.prompt_tokens)
        completion = _count(usage.get("completion_tokens"), self.completion_tokens)
        total = _count(usage.get("total_tokens"), None)
        if prompt is not None and completion is not None and total is not None:
            # Some providers, such as Gemini and xAI, count reasoning in the total only.
            completion = max(completion, total - prompt)
        cached = _cached_tokens(usage, self.cached_tokens)
        reasoning = _count(_details(usage, "completion_tokens_details").get("reasoning_tokens"), self.reasoning_tokens)
        return Usage(prompt, completion, _part_of(prompt, cached), _part_of(completion, reasoning))


def _cached_tokens(usage: dict[str, Any], earlier: int | None) -> int | None:
    """The cached tokens as OpenAI, DeepSeek and Moonshot report them."""
    counts = (
        _details(usage, "prompt_tokens_details").get("cached_tokens"),
        usage.get("prompt_cache_hit_tokens"),
        usage.get("cached_tokens"),
    )
    return next((count for count in (_count(each, None) for each in counts) if count is not None), earlier)


def _details(usage: dict[str, Any], name: str) -> dict[str, Any]:
    details = usage.get(name)
    return details if isinstance(details, dict) else {}


def _count(count: Any, earlier: int | None) -> int | None:
    return count if type(count) is int and 0 <= count <= MAX_TOKENS else earlier


def _part_of(whole: int | None, part: int | None) -> int | None:
    """Returns the part, None if it cannot be one."""
    return part if whole is not None and part is not None and part <= whole else None
