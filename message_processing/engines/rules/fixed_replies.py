"""The engine for turns whose model calls have failed: replies with the stage's fixed reply, without a model."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any

from message_processing.actions.results import hand_over_reason
from message_processing.agents import person_available_at
from message_processing.business_data import BusinessData
from message_processing.business_hours import shown_hours
from message_processing.engines.rules import action_replies
from message_processing.engines.rules.answers import answer_of
from message_processing.engines.rules.field_extraction import Findings, find_fields
from message_processing.engines.rules.texts import PERSON_WILL_ANSWER, back_at
from message_processing.handover import handover_reason, trouble_of
from message_processing.knowledge.prompt_text import used_articles
from message_processing.languages import name_of
from message_processing.local_time import current_time
from message_processing.step_outputs import ExtractionOutput, ResponseOutput, SelectionOutput
from message_processing.steps import confirmation
from message_processing.steps.selection import kept_stage
from message_processing.templates.braces import normalise
from message_processing.turn import Outcome, Turn


class FixedReplies:
    """Stays in the current stage and replies with what the business has entered for it."""

    name = "fallback"
    calls_model = False
    runs_actions = True
    answers_from_articles = False
    why = "the model did not answer"

    def __init__(self, business_data: BusinessData) -> None:
        self._business_data = business_data

    def select_stage(self, turn: Turn) -> Outcome:
        """Keeps the current stage."""
        return self._keep_stage(turn, self.why)

    def read_answer(self, turn: Turn) -> Outcome:
        """Recognises yes and no by lists of words."""
        question = turn.pending["question"] if turn.pending else ""
        output = confirmation.kept_stage(turn, answer_of(turn.message, question))
        return Outcome(output, output["reason"], engine=self.name)

    def extract_data(self, turn: Turn) -> Outcome:
        """Finds the fields that can be recognised by their schema."""
        findings = find_fields(turn.chosen_stage.extraction_schema, turn.message)
        known = {**turn.collected_before, **findings.fields}
        missing = [name for name in turn.chosen_stage.required_fields if name not in known]
        output: ExtractionOutput = {
            "fields": findings.fields,
            "text": None,
            "problems": [],
            "missing": missing,
            "quotes": {each.field: each.written for each in findings.found},
            "not_said": {},
            "found": [{"field": each.field, "written": each.written, "by": each.by} for each in findings.found],
            "unsure": findings.ambiguous,
        }
        return Outcome(output, _decision(findings, missing), engine=self.name)

    def generate_response(self, turn: Turn) -> Outcome:
        """Replies with what became of the stage's actions or with the text of data retrieval, otherwise with the fixed
        reply of the stage or the default stage.

        If there is none, or if the look-up failed, the reply says that a person will answer.
        """
        failure = action_replies.failure_reply(turn)
        if failure is not None:
            return self._action_failed(turn, failure)
        if turn.retrieval is not None and turn.retrieval["status"] == "failed":
            return self.person_will_answer(turn, ", because the look-up failed")
        if action_replies.is_left_to_person(turn):
            return self.person_will_answer(turn, ", because an action is left to them")
        is_done = action_replies.is_done(turn)
        reply = None if is_done else _reply_of_retrieval(turn) or _reply_of_actions(turn)
        if reply is not None:
            return self._outcome(turn, *reply)
        stage, default = turn.chosen_stage, turn.release.default_stage
        if is_done and not stage.fixed_reply:
            return self._outcome(turn, action_replies.done_reply(turn), "message that the actions are done")
        for each, owner in ((stage, ""), (default, "the default stage, ")):
            found = each.fixed_reply_in(turn.language) if each is not None else None
            if each is not None and found is not None:
                text, language = found
                hours = {"business_hours": shown_hours(turn.release, language)} if language else None
                prompt = self._business_data.render(turn, text, hours)
                source = f'fixed reply of {owner}"{each.stage_name}"' + (f" in {name_of(language)}" if language else "")
                return self._outcome(turn, prompt.content.strip(), source, variables=prompt.variables)
        return self.person_will_answer(turn)

    def draft_response(self, _turn: Turn) -> AbstractContextManager[None]:
        """Yields None: without a model there is nothing to wait for."""
        return nullcontext()

    def person_will_answer(self, turn: Turn, why: str = "") -> Outcome:
        """Says that a person will answer. `output["needs_person"]` is true."""
        own_text = turn.release.settings.get("handover_message")
        return self._own_or_shipped(
            turn, own_text, PERSON_WILL_ANSWER, f"message that a person will answer{why}", needs_person=True
        )

    def _keep_stage(self, turn: Turn, why: str) -> Outcome:
        stage, reason = turn.current_stage, kept_stage(turn, why)
        output: SelectionOutput = {
            "stage_id": stage.stage_id,
            "stage_name": stage.stage_name,
            "confidence": None,
            "reason": reason,
        }
        return Outcome(output, reason, engine=self.name)

    def _action_failed(self, turn: Turn, failure: str) -> Outcome:
        """Says that an action has failed, and that a person will answer if the action hands over."""
        if hand_over_reason(turn.actions) is None:
            return self._outcome(turn, failure, "message that an action has failed")
        outcome = self.person_will_answer(turn, ", because an action has failed")
        return replace(outcome, output={**outcome.output, "reply": f"{failure} {outcome.output['reply']}"})

    def _own_or_shipped(
        self, turn: Turn, own_text: str | None, shipped: Mapping[str, str], source: str, needs_person: bool = False
    ) -> Outcome:
        """Replies with the business's own text, otherwise with the shipped one in the language of the reply."""
        if own_text is None:
            return self._outcome(turn, shipped[turn.text_language], source, needs_person)
        prompt = self._business_data.render(turn, own_text)
        return self._outcome(turn, prompt.content.strip(), source, needs_person, prompt.variables)

    def _outcome(
        self,
        turn: Turn,
        reply: str,
        source: str,
        needs_person: bool = False,
        variables: tuple[dict[str, Any], ...] = (),
    ) -> Outcome:
        output: ResponseOutput = {"reply": reply, "source": source, "needs_person": needs_person}
        if articles := used_articles(turn.retrieval, variables):
            output["articles"] = articles
        decision = f"Sent the {source}."
        opening = person_available_at(turn.release, turn.agent, current_time())
        if opening is not None and (needs_person or handover_reason(turn, trouble_of(turn), needs_person)):
            output["available_at"] = opening.isoformat()
            if not any(normalise(each["name"]) == "agent_available_at" for each in variables):
                output["reply"] = f"{reply} {self._back_at(turn, opening)}"
                decision += " It ends with the time at which a person is back."
        return Outcome(output, decision, engine=self.name, variables=variables)

    def _back_at(self, turn: Turn, opening: datetime) -> str:
        customers_now = self._business_data.local_time(turn, current_time())
        return back_at(turn.text_language, opening.astimezone(customers_now.tzinfo), customers_now)


def _decision(findings: Findings, missing: list[str]) -> str:
    found = ", ".join(f"{each.field} ({each.by})" for each in findings.found)
    sentences = [f"Found {found}." if found else "Found no fields."]
    for name, candidates in findings.ambiguous.items():
        sentences.append(f"Left out {name}: several values are possible ({', '.join(candidates)}).")
    if missing:
        sentences.append(f"Still missing: {', '.join(missing)}.")
    return " ".join(sentences)


def _reply_of_retrieval(turn: Turn) -> tuple[str, str] | None:
    """Returns the reply and its source, if retrieval did not find the needed data.

    `say` is the stage's own text, already rendered.
    """
    if turn.retrieval is None:
        return None
    status, say = turn.retrieval["status"], turn.retrieval["say"]
    if status == "missing":
        return say or _question_for(turn.retrieval["missing"]), "question for the missing fields"
    if status == "not_found" and (say or "passages" not in turn.retrieval):  # without an article, the fixed reply
        reply = say or "I am sorry, I could not find that. Could you check the details?"
        return reply, "message that nothing was found"
    return None


def _reply_of_actions(turn: Turn) -> tuple[str, str] | None:
    """Returns the reply and its source, if the stage has actions of which none was done."""
    if missing := action_replies.missing_fields(turn):
        return _question_for(missing), "question for the missing fields"
    reply = action_replies.not_done_reply(turn)
    return None if reply is None else (reply, "message that nothing was done")


def _question_for(fields: list[str]) -> str:
    return f"To help you with this, I need your {', '.join(name.replace('_', ' ') for name in fields)}."
