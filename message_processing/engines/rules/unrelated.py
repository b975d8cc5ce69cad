"""Sentences that belong to no stage and to no article. Unrelated texts are similar to some degree too, so a similarity
means little without this comparison."""

from pathlib import Path

UNRELATED = tuple((Path(__file__).parent / "unrelated.txt").read_text().splitlines())
