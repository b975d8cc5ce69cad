from typing import Any

from core.shared_words import closest_texts
from message_processing.variables import TemplateVariableProvider
from repositories import feedback

MAX_EXAMPLES = 3
MAX_CANDIDATES = 200  # the latest ones
MAX_CHARACTERS = 1_500  # of a question and of an answer


@TemplateVariableProvider.register_provider(
    "good_examples", example="Customer: Can I send it back?\nAnswer: Yes, within 30 days.", scope="turn"
)
def provide_good_examples(conn: Any, business_id: Any, message_content: str, **kwargs: Any) -> str:
    """Up to three answers that staff have marked as examples, with their questions: those whose questions share most
    words with the current message."""
    rows = feedback.list_examples(conn, business_id, MAX_CANDIDATES, MAX_CHARACTERS)
    found = closest_texts(message_content or "", [row["question"] for row in rows], MAX_EXAMPLES)
    return "\n\n".join(
        f"Customer: {_as_line(rows[index]['question'])}\nAnswer: {_as_line(rows[index]['answer'])}" for index in found
    )


def _as_line(text: str) -> str:
    """On one line, so that no customer can write something that looks like another example."""
    return " ".join(text.split())
