#!/usr/bin/env bash
# The build command of a host: what the server needs, pinned. Migrations run before a release and at every start.
set -euo pipefail
cd "$(dirname "$0")"
python -m pip install --require-hashes -r requirements.lock
