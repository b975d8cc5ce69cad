"""The steps of a turn, a file each: its prompt, its reading of the answer, its decision."""
