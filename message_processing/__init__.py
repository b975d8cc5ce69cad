"""What happens to a customer's message: accepted, run through the three prompts, answered. Read `pipeline.py` first."""
