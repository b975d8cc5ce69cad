"""Runs test cases: conversations with what is expected of each answer."""
