from collections.abc import Sequence
from typing import Any

from message_processing.knowledge.prompt_text import as_prompt_text
from message_processing.step_outputs import FoundPassage
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider(
    "knowledge", example='<passage article="Returns" heading="Time limit">Thirty days.</passage>'
)
def provide_knowledge(conn: Any, passages: Sequence[FoundPassage] | None, **kwargs: Any) -> str:
    """The passages of the business's articles that are close to the customer's message."""
    return as_prompt_text(passages or ())
