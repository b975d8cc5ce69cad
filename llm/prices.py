"""The cost of a model call, from the prices in `prices.json` or those of the business."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import NotRequired, TypedDict

from llm.usage import Usage

_FILE = json.loads(Path(__file__).with_suffix(".json").read_text())
_DATE = re.compile(r"-\d{4}-\d\d-\d\d$")
_MILLION = 1_000_000


class Price(TypedDict):
    """US dollars per million tokens, as numbers or texts. Without `cached_prompt`, cached tokens cost as much as
    others. Embeddings have no completion."""

    prompt: float | str
    completion: NotRequired[float | str]
    cached_prompt: NotRequired[float | str]


PRICES: dict[str, Price] = _FILE["models"]
PRICES_DATE: str = _FILE["date"]  # as of which they were published


def price_of(model: str, own_prices: Mapping[str, Price] | None = None) -> Price | None:
    """Returns the price of a model, None if it is not known. Prices of the business take precedence.

    A model name with a date costs the same as the name without it, unless it has its own price. No other prefix
    matches: gpt-5-pro is not gpt-5.
    """
    for prices in (own_prices or {}, PRICES):
        price = prices.get(model) or prices.get(_DATE.sub("", model))
        if price is not None:
            return price
    return None


def cost_usd(model: str, usage: Usage, own_prices: Mapping[str, Price] | None = None) -> Decimal | None:
    """Returns the exact cost in US dollars, or None if the model has no price or the call has no token counts.

    Discounts for batches, and charges for writing to a cache, are ignored.
    """
    price = price_of(model, own_prices)
    if price is None or usage.prompt_tokens is None or usage.completion_tokens is None:
        return None
    cached = usage.cached_tokens or 0
    prompt, completion = _dollars(price["prompt"]), _dollars(price.get("completion", 0))
    cached_prompt = _dollars(price["cached_prompt"]) if "cached_prompt" in price else prompt
    cost = prompt * (usage.prompt_tokens - cached) + cached_prompt * cached + completion * usage.completion_tokens
    return cost / _MILLION


def _dollars(amount: float | str) -> Decimal:
    return Decimal(str(amount))
