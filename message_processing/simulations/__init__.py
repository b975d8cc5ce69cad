"""Simulations: a language model plays a customer, who talks to the draft or to a release."""
