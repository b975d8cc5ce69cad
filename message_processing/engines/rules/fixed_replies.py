"""The engine when a model has failed for good: the stage's fixed reply, from what is known without one. (SPEC 7)"""

from typing import Any

from message_processing.business_data import BusinessData
from message_processing.engines.rules.field_extraction import find_fields
from message_processing.turn import Outcome, Turn

# Said where the business has written down nothing that would do.
A_PERSON_WILL_ANSWER = "Thank you for your message. Somebody from our team will answer you."


class FixedReplies:
    """Stays where the conversation stands, and says what the business has written for it."""

    name = "fallback"
    waits = False

    def __init__(self, business_data: BusinessData) -> None:
        self._business_data = business_data

    def select_stage(self, turn: Turn) -> Outcome:
        stage, why = turn.current_stage, "Without a model the conversation stays where it is."
        output = {"stage_id": stage.stage_id, "stage_name": stage.stage_name, "confidence": None, "reason": why}
        return Outcome(output, why, engine=self.name)

    def extract_data(self, turn: Turn) -> Outcome:
        """The fields that can be told by their form. `output["found"]` tells by what, `output["unsure"]` the fields
        of which more than one value is written."""
        said = find_fields(turn.chosen_stage.extraction_schema, turn.message)
        known = {**turn.collected_before, **said.fields}
        missing = [name for name in turn.chosen_stage.required_fields if name not in known]
        output: dict[str, Any] = {
            "fields": said.fields,
            "text": None,
            "problems": [],
            "missing": missing,
            "found": [{"field": each.field, "written": each.written, "by": each.by} for each in said.found],
            "unsure": said.unsure,
        }
        return Outcome(output, _decision(output), engine=self.name)

    def generate_response(self, turn: Turn) -> Outcome:
        """What retrieval wants said, else the fixed reply of the stage, of the default stage, or that a person will
        answer; `output["needs_person"]` marks the turn whose reply promises one."""
        said = _of_retrieval(turn)
        if said is not None:
            return self._outcome(*said)
        stage, default = turn.chosen_stage, turn.release.default_stage
        for each, whose in ((stage, "the stage"), (default, "the default stage")):
            if each is not None and each.fixed_reply:
                prompt = self._business_data.render(turn, each.fixed_reply)
                source = f'the fixed reply of {whose}, "{each.stage_name}"'
                return self._outcome(prompt.content.strip(), source, variables=prompt.variables)
        return self._outcome(A_PERSON_WILL_ANSWER, "that a person will answer", needs_person=True)

    def _outcome(
        self, reply: str, source: str, needs_person: bool = False, variables: tuple[dict[str, Any], ...] = ()
    ) -> Outcome:
        output = {"reply": reply, "source": source, "needs_person": needs_person}
        return Outcome(output, f"The reply is {source}.", engine=self.name, variables=variables)


def _decision(output: dict[str, Any]) -> str:
    found = ", ".join(f"{each['field']} by {each['by']}" for each in output["found"])
    sentences = [f"Found {found}." if found else "The message holds no field that can be told by its form."]
    for name, written in output["unsure"].items():
        sentences.append(f"Left out {name}: more than one value is written ({', '.join(written)}).")
    if output["missing"]:
        sentences.append(f"Still missing: {', '.join(output['missing'])}.")
    return " ".join(sentences)


def _of_retrieval(turn: Turn) -> tuple[str, str, bool] | None:
    """What is to be said, its source and whether it promises a person, where the data for a fixed reply is not
    there. The stage's own words come rendered already."""
    status, say = turn.retrieval.get("status"), turn.retrieval.get("say")
    if status == "failed":
        return A_PERSON_WILL_ANSWER, "that a person will answer, since the look-up failed", True
    if status == "missing":
        names = ", ".join(name.replace("_", " ") for name in turn.retrieval["missing"])
        return say or f"To help you with this I need your {names}.", "a question for what is missing", False
    if status == "not_found":
        return say or "I am sorry, I could not find that. Is it written right?", "that nothing was found", False
    return None
