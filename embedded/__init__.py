"""What a machine with nothing else gets: a real PostgreSQL from a pip package, and the start of it all.

Production installs none of it (`requirements-embedded.txt`), and nothing outside of the start imports it.
"""
