#!/usr/bin/env bash
# Finds a Chromium for the browser tests, or installs the system's package where that is possible.
# Prints one loud line when there is none; fails only with CI=true.
set -uo pipefail

find_browser() {
  if [ -n "${COCKPIT_BROWSER:-}" ] && [ -x "$COCKPIT_BROWSER" ]; then return 0; fi
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && return 0
  done
  return 1
}

find_browser && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
  echo "No Chromium found: installing the system's package."
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get -qq update >/dev/null 2>&1
  "${as_root[@]}" apt-get -qq install -y --no-install-recommends chromium >/dev/null 2>&1
  find_browser && exit 0
fi

if [ "${CI:-}" = true ]; then
  echo "No Chromium found and none could be installed: with CI=true that is a failure." >&2
  exit 1
fi
echo "######## NO CHROMIUM: THE BROWSER TESTS ARE SKIPPED. Install chromium or set COCKPIT_BROWSER. ########" >&2
