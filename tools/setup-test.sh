#!/usr/bin/env bash
# Installs the Debian packages that only the tests need: a real Mosquitto and a real Chromium.
# Does nothing when they are there. The Mosquitto service is not started: the tests start their
# own on a free port.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin

missing=()
command -v mosquitto >/dev/null || missing+=(mosquitto)
command -v chromium >/dev/null || missing+=(chromium)
command -v chromedriver >/dev/null || missing+=(chromium-driver)
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "setup-test: the tests need ${missing[*]} and this system has no apt-get" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "setup-test: the tests need Debian packages: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi

echo "setup-test: installing Debian packages for the tests: ${missing[*]}"
if [ ! -e /usr/sbin/policy-rc.d ]; then
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
  >/dev/null

# Installing Mosquitto also sets it to start with the machine; nobody asked for that.
if [[ " ${missing[*]} " == *" mosquitto "* ]] && [ -e /run/systemd/system ]; then
  systemctl disable --quiet mosquitto.service
fi
