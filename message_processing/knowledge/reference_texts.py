"""Texts with which the embeddings of any model are calibrated, see `core.embeddings.Calibration`."""

from pathlib import Path

from message_processing.engines.rules.unrelated import UNRELATED

USUAL_QUESTIONS = tuple((Path(__file__).parent / "usual_questions.txt").read_text().splitlines())
REFERENCE_TEXTS = UNRELATED, USUAL_QUESTIONS
