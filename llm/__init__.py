"""Calls language models over the OpenAI chat completions protocol, which most model servers support.

`openai_helper` is the public interface. A call passes through these modules:

    client             one answer: builds the request, falls back to a second model
    retries            repeats failed requests until the deadline
    parameters         the optional parameters of a request, and those that a server has rejected
    circuit_breaker    stops calling a server that is down
    wire, transport    sends one request over HTTP
    responses          reads the response into one form
    failures           classifies errors
    prices, types      cost per call, shared data types
"""
