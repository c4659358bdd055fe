#!/usr/bin/env bash
# Finds a Chromium for the browser tests, or installs the system's package where that is possible.
# Fails with one loud line where there is none: what is missing fails, it never skips.
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

echo "######## NO CHROMIUM, AND NONE COULD BE INSTALLED. Install chromium (Debian: apt-get install chromium)" \
  "or name one in COCKPIT_BROWSER. ########" >&2
exit 1
