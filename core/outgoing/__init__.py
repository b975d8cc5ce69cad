"""HTTP requests to addresses that businesses choose, which must not reach the operator's own network (SSRF).

    client       sends a request: redirects, retries, time and size limits, circuit breakers
    sockets      opens a connection for another protocol than HTTP
    urls         the parts of a URL
    resolver     the addresses of a host name
    addresses    which of them are public
    failures     why a call failed

A connection is opened to an address that was checked, not to a name, so a name that resolves differently the next time
changes nothing. The environment's proxy settings do not apply: a proxy would resolve the name itself.
"""
