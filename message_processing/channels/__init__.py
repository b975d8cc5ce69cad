"""Messages from customers of channels, and those that a business writes without a question.

receiving   a provider's request: verify, parse, accept
accepting   stores a message with its customer, conversation and turn in one transaction
polling     the background jobs that fetch messages from providers that send no requests
retries     the background job that runs failed turns again
proactive   messages that a business writes as its assistant; in quiet hours a background job posts them later
"""
