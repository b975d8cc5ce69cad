"""The cost of a model call, from the prices in `prices.json`."""

import json
import re
from decimal import Decimal
from pathlib import Path

_PRICES: dict[str, dict[str, str]] = json.loads(Path(__file__).with_suffix(".json").read_text())["models"]
_DATE = re.compile(r"-\d{4}-\d\d-\d\d$")
_MILLION = 1_000_000


def cost_usd(model: str, prompt_tokens: int | None, completion_tokens: int | None) -> Decimal | None:
    """Returns the exact cost in US dollars, or None if the model has no price or the call has no token counts.

    A model name with a date costs the same as the name without it, unless it has its own price. No other prefix
    matches: gpt-5-pro is not gpt-5. Discounts for cached prompts or batches are ignored.
    """
    price = _PRICES.get(model) or _PRICES.get(_DATE.sub("", model))
    if price is None or prompt_tokens is None or completion_tokens is None:
        return None
    return (Decimal(price["prompt"]) * prompt_tokens + Decimal(price["completion"]) * completion_tokens) / _MILLION
