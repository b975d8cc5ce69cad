"""Calls to other systems, which stages declare.

config      the declaration, and what is checked when it is saved
request     renders it with the turn's variables and the business's secrets
masking     removes secrets from what is shown and stored
response    maps the response to `{retrieved_data}`
calls       runs a call
"""
