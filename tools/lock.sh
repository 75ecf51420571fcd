#!/usr/bin/env bash
# Writes requirements/lock.txt: every package of every extra, pinned with hashes, for Python >= 3.11
# on Linux. Versions that are locked already stay unless pyproject.toml forbids them; to renew one
# or all: tools/lock.sh --upgrade-package NAME, tools/lock.sh --upgrade.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly UV_VERSION=0.13.9

resolver=$(mktemp -d)
trap 'rm -rf "$resolver"' EXIT
.venv/bin/python -m venv "$resolver"
"$resolver/bin/pip" install --quiet "uv==$UV_VERSION"
"$resolver/bin/uv" pip compile pyproject.toml --all-extras --universal --generate-hashes \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
  --quiet --output-file requirements/lock.txt "$@"
echo "requirements/lock.txt: $(grep -c == requirements/lock.txt) packages"
