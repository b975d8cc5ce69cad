"""The design of a business as files: reads, writes, compares and applies them. docs/design-as-code.md describes the
files. `python -m design` is a command that exchanges them with a server."""
