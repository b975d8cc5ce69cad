"""What a call to a model costs, by the prices in `model_prices.json` (SPEC 8: prices are a data file)."""

import json
import re
from decimal import Decimal
from pathlib import Path

_PRICES: dict[str, dict[str, str]] = json.loads(Path(__file__).with_suffix(".json").read_text())["models"]
_DATE = re.compile(r"-\d{4}-\d\d-\d\d$")
_MILLION = 1_000_000


def cost_usd(model: str, prompt_tokens: int | None, completion_tokens: int | None) -> Decimal | None:
    """US dollars, exact; None for a model without a price or a call without token counts.

    A dated name costs what its model does, unless it has a price of its own; no other prefix counts, as gpt-5-pro is
    no gpt-5. Discounts (cached prompts, batches) are not reckoned.
    """
    price = _PRICES.get(model) or _PRICES.get(_DATE.sub("", model))
    if price is None or prompt_tokens is None or completion_tokens is None:
        return None
    return (Decimal(price["prompt"]) * prompt_tokens + Decimal(price["completion"]) * completion_tokens) / _MILLION
