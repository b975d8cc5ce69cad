"""The steps of a turn, one per module: its prompt, how the answer is parsed, and the decision."""
