"""What replaying turns is expected to cost: as many tokens as their recorded calls, at the price of the models that are
asked now."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from db import Row
from llm.prices import cost_usd
from llm.usage import Usage
from message_processing.engines.models import ChosenModel
from message_processing.release import Release


def estimate_turns(
    turn_ids: Iterable[UUID], calls: Iterable[Row], release: Release, chosen: ChosenModel | None
) -> dict[UUID, Decimal | None]:
    """Returns the cost of each turn, None if a price is unknown. `calls` are those of the turns, `chosen` is the model
    that answers; without one, rules answer, which cost nothing."""
    estimates: dict[UUID, Decimal | None] = dict.fromkeys(turn_ids, Decimal(0))
    if chosen is None:
        return estimates
    models = {
        template.template_id: template.model_settings.get("model")
        for stage in release.stages
        for template in (stage.selection, stage.extraction, stage.response)
    }
    for call in calls:
        template_id = str(call["template_id"])
        model = chosen.name_for(models[template_id]) if template_id in models else call["model"]
        tokens = (call["prompt_tokens"], call["completion_tokens"], call["cached_tokens"], call["reasoning_tokens"])
        cost, so_far = cost_usd(model, Usage(*tokens), release.settings.get("prices")), estimates[call["turn_id"]]
        estimates[call["turn_id"]] = None if cost is None or so_far is None else so_far + cost
    return estimates
