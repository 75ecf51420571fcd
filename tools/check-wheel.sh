#!/usr/bin/env bash
# Builds the wheel and tries it in an empty environment away from the clone: first bare, as the
# base of every box, then with every extra, asking each command for its help.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pip() { "$work/venv/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }
paihao() { "$work/venv/bin/paihao" "$@"; }

.venv/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation \
  --wheel-dir "$work" .
wheel=$(echo "$work"/paihao-*.whl)
# A constraint file may not hold hashes of packages that it does not install.
sed -nE 's/^([A-Za-z0-9._-]+==[^ ]+)( ;[^\\]*)?.*$/\1\2/p' requirements/lock.txt >"$work/versions.txt"
.venv/bin/python -m venv "$work/venv"
cd "$work"

pip install --constraint versions.txt "$wheel"
paihao --version
paihao --help
pip install --constraint versions.txt "$wheel[all]"
"$work/venv/bin/python" -m pip check

commands=$("$work/venv/bin/python" -c '
from importlib.metadata import entry_points
print(*sorted(entry.name for entry in entry_points(group="paihao.commands")))
')
[ -n "$commands" ] || { echo "check-wheel: the wheel offers no command" >&2; exit 1; }
for command in $commands; do
  paihao "$command" --help >/dev/null
  echo "check-wheel: paihao $command --help works"
done
for hall in "$work"/venv/share/paihao/halls/*.toml; do
  paihao check "$hall" >/dev/null
  echo "check-wheel: paihao check $(basename "$hall") works"
done
