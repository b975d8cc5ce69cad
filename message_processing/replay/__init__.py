"""Answers recorded turns again, with another release, template or model. Nothing of it reaches the conversation."""
