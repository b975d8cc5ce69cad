"""What a machine with nothing else gets: a real PostgreSQL from a pip package, the sentence embeddings of rules mode, a
demo shop, and the start of it all.

Production installs none of what it needs (`requirements/development.txt`), and nothing outside of the start imports it.
"""


class EmbeddedError(Exception):
    """The embedded server cannot run; the message is one sentence that says what to do."""
