"""Knowledge: splits articles into passages, and finds the passages that answer a question."""
