"""`python -m routes` prints the OpenAPI document from which `make types` generates the front-end's types."""

import json
import sys

from flask import Flask

from routes import register_routes
from routes.openapi import build_openapi


def front_end_document() -> str:
    """The OpenAPI document without deprecated paths, links and error responses, as stored in `front-end/openapi.json`.
    Needs no database."""
    app = Flask("icmp", static_folder=None)
    register_routes(app)
    document = build_openapi(app)
    document["paths"] = {
        path: operations
        for path, operations in document["paths"].items()
        if not all(operation.get("deprecated") for operation in operations.values())
    }
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"] = {code: each for code, each in operation["responses"].items() if code < "3"}
            for response in operation["responses"].values():
                response.pop("links", None)
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(front_end_document())
