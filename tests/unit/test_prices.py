"""The tokens and the cost of model calls."""

from decimal import Decimal
from typing import Any

import pytest

from llm.prices import Price, cost_usd
from llm.usage import Usage


@pytest.mark.parametrize(
    ("model", "cost"),
    [
        ("gpt-4.1", "10.00"),
        ("gpt-4.1-mini", "2.00"),
        ("gpt-4.1-mini-2025-04-14", "2.00"),
        ("gpt-4o-2024-05-13", "20.00"),
        ("gpt-4o-2024-11-20", "12.50"),
        ("gpt-5-nano", "0.45"),
        ("o4-mini", "5.50"),
        ("gpt-5-pro", None),
        ("gpt-4.1-mini-2025", None),
        ("smollm2", None),
        ("", None),
    ],
)
def test_prices(model: str, cost: str | None) -> None:
    assert cost_usd(model, Usage(1_000_000, 1_000_000)) == (cost and Decimal(cost))
    assert cost_usd(model, Usage(None, 1)) is None
    assert cost_usd(model, Usage(1, None)) is None


def test_cached_tokens_have_a_price_of_their_own() -> None:
    usage = Usage(1_000_000, 0, cached_tokens=600_000)
    assert cost_usd("gpt-4.1", usage) == Decimal("0.4") * 2 + Decimal("0.6") * Decimal("0.5")
    assert cost_usd("gpt-4o-2024-05-13", usage) == 5  # without a discount for cached tokens


def test_embeddings_cost_their_prompt() -> None:
    assert cost_usd("text-embedding-3-small", Usage(1_000_000, 0)) == Decimal("0.02")


def test_prices_of_business_take_precedence() -> None:
    prices: dict[str, Price] = {"gpt-4.1": {"prompt": 1, "completion": 0.5}, "llama": {"prompt": 0, "completion": 0}}
    usage = Usage(1_000_000, 1_000_000)
    assert cost_usd("gpt-4.1", usage, prices) == Decimal("1.5")
    assert cost_usd("gpt-4.1-2025-04-14", usage, prices) == Decimal("1.5")
    assert cost_usd("llama", usage, prices) == 0
    assert cost_usd("gpt-4o-mini", usage, prices) == Decimal("0.75")
    assert cost_usd("unknown", usage, prices) is None


@pytest.mark.parametrize(
    ("reported", "usage"),
    [
        (  # OpenAI: reasoning is part of the completion
            {
                "prompt_tokens": 100,
                "completion_tokens": 50,
                "total_tokens": 150,
                "prompt_tokens_details": {"cached_tokens": 64},
                "completion_tokens_details": {"reasoning_tokens": 40},
            },
            Usage(100, 50, 64, 40),
        ),
        (  # xAI: reasoning is only part of the total
            {
                "prompt_tokens": 100,
                "completion_tokens": 10,
                "total_tokens": 150,
                "completion_tokens_details": {"reasoning_tokens": 40},
            },
            Usage(100, 50, None, 40),
        ),
        ({"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 150}, Usage(100, 50)),  # Gemini
        ({"prompt_tokens": 100, "completion_tokens": 5, "prompt_cache_hit_tokens": 60}, Usage(100, 5, 60)),  # DeepSeek
        ({"prompt_tokens": 100, "completion_tokens": 5, "cached_tokens": 60}, Usage(100, 5, 60)),  # Moonshot
        ({"prompt_tokens": 100, "completion_tokens": 5, "cached_tokens": 101}, Usage(100, 5)),
        ({"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": [1]}, Usage(100, 5)),
        ({"prompt_tokens": 100, "completion_tokens": 5, "total_tokens": -1}, Usage(100, 5)),
        ({"prompt_tokens": 100, "total_tokens": 100}, Usage(100)),
    ],
)
def test_tokens_are_counted_as_providers_bill_them(reported: dict[str, Any], usage: Usage) -> None:
    assert Usage().updated(reported) == usage
