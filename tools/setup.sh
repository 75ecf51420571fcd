#!/usr/bin/env bash
# Makes .venv from requirements/lock.txt and installs this clone into it, editable.
# Needs python3 >= 3.11 with its venv module and the network; changes nothing outside the clone,
# but for Debian's python3-venv, which it installs when it is missing and this is root.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "setup: $*" >&2
  exit 1
}

python=
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
  if command -v "$candidate" >/dev/null &&
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || fail "no python3 >= 3.11 found; on Debian 12 or later: apt-get install python3"

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "setup: installing Debian's python3-venv (its python3 comes without it)"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv \
      >/dev/null
  else
    fail "python3 has no venv module; on Debian: sudo apt-get install python3-venv"
  fi
fi

# An environment that was left half made is made anew.
.venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv
echo "setup: installing the Python packages of requirements/lock.txt into .venv"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
  -r requirements/lock.txt
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
  --no-build-isolation -e .
touch .venv/ready
