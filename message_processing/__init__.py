"""Accepts a customer's message, runs the three prompts and answers it. Read `pipeline.py` first."""
