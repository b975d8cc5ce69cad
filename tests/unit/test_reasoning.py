"""The notations in which models write their reasoning, in pieces of every size."""

import pytest

from llm.reasoning import ReasoningFilter

NOTATIONS = [
    *("<seed:think>R</seed:think>A", "<mm:think>R</mm:think>A", "<longcat_think>R</longcat_think>A"),
    *("<thoughts>R</thoughts>A", "<thought_process>R</thought_process>A", "<antThinking>R</antThinking>A"),
    *("<Analysis>R</Analysis>A", "<reflection>R</reflection>A", "<scratchpad>R</scratchpad>A"),
    *("<chain_of_thought>R</chain_of_thought>A", "<inner_monologue>R</inner_monologue>A", "<think/>A"),
    *("<think>R</think>\n<answer>\nA</answer>", "R</think><answer>A</answer>", "< think >R< / think >A"),
    *("<|think|>R<|/think|>A", "<｜begin▁of▁thinking｜>R<｜end▁of▁thinking｜>A", "<unused94>thought R<unused95>A"),
    "<|begin_of_thought|>R<|end_of_thought|>\n<|begin_of_solution|>A<|end_of_solution|>",
    "<|START_THINKING|>R<|END_THINKING|><|START_RESPONSE|>A<|END_RESPONSE|>",
    "<|channel>thought\nR<channel|>A",
    "<|start|>assistant<|channel|>analysis<|message|>R<|end|><|start|>assistant<|channel|>final<|message|>A<|return|>",
    "<|channel|>analysis<|message|>R<|end|><|channel|>final <|constrain|>json<|message|>A",
    "<|channel|>commentary to=functions.f <|constrain|>json<|message|>R<|call|><|channel|>final<|message|>A",
    *("A<|im_end|>", "A<|eot_id|>"),
]


def filtered(text: str, size: int) -> str:
    reasoning = ReasoningFilter()
    shown = ""
    for at in range(0, len(text), size):
        visible, is_restarted = reasoning.feed(text[at : at + size])
        shown = visible if is_restarted else shown + visible
    assert shown + reasoning.finish() == reasoning.text
    return reasoning.text


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("text", NOTATIONS)
def test_only_the_answer_is_shown(text: str, size: int) -> None:
    assert filtered(text, size) == "A"


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    "text",
    [
        *(
            "<thoughts on this> A",
            "<your analysis> A",
            "A <answer>B</answer>",
            "<analyse>A",
            "<b_>A",
            "a <| b",
            "<|x|>",
        ),
        *("<reasonable>A", "1 < 2 < 3", "<|startup|>", "<unused9>"),
    ],
)
def test_similar_texts_are_kept(text: str, size: int) -> None:
    assert filtered(text, size) == text
