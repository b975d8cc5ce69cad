"""Calls language models over the OpenAI chat completions protocol, which most model servers support.

`openai_helper` is the public interface. A call passes through these modules:

    client             one answer: builds the request, falls back to a second model
    retries            repeats failed requests until the deadline
    parameters         the optional parameters of a request
    messages           other forms of the messages, for models that do not accept every sequence of roles
    model_states       the state of each model: rejections, and its circuit breaker
    recent_calls       whether the model answers, judged by its most recent calls
    wire               sends one request over HTTP
    transport          the connections, which for servers of businesses are opened to checked addresses only
    normaliser         reads the body of a response, streamed or not, into one form
    finish_reasons     what the reasons mean for which answers end
    hidden_key         removes the key of a business's server from what that server returns
    reasoning          removes the model's reasoning from its answer
    error_bodies       reads the error that a server reports
    failures           classifies errors
    rejections         finds out what a server rejects about a request
    records            the record of a request
    usage, prices      the tokens of a call as they are billed, and its cost
    types              shared data types

docs/models.md lists what is known about particular servers.
"""
