#!/usr/bin/env bash
# Finds Prometheus and Alertmanager for the tests that speak with them, or unpacks Debian's packages of them
# into build/servers. Nothing is installed: no service starts, no user is made, nothing outside build/ changes but
# the lists of packages, where they have to be fetched first.
# Debian's Alertmanager reads its templates from /usr/share, where nothing is then: the one there takes them from
# usr/share of the directory that it is started in. Nothing else of it is changed.
# Fails with one loud line where there are none: what is missing fails, it never skips.
set -uo pipefail
cd "$(dirname "$0")/.."

PACKAGES=(prometheus prometheus-alertmanager)
PLACE=build/servers

find_servers() {
  for name in "${PACKAGES[@]}"; do
    command -v "$name" >/dev/null || [ -x "$PLACE/usr/bin/$name" ] || return 1
  done
}

unpack() {
  local scratch
  scratch=$(mktemp -d "$PLACE.XXXXXX") || return 1
  if (cd "$scratch" && apt-get -qq download "${PACKAGES[@]}" >/dev/null 2>&1 &&
    for deb in *.deb; do dpkg-deb -x "$deb" tree || exit 1; done); then
    LC_ALL=C sed -i 's#/usr/share/prometheus/alertmanager#usr/share//prometheus/alertmanager#g' \
      "$scratch/tree/usr/bin/prometheus-alertmanager"
    rm -rf "$PLACE" && mv "$scratch/tree" "$PLACE"
  fi
  rm -rf "$scratch"
}

find_servers && exit 0
mkdir -p build

if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
  echo "No Prometheus and Alertmanager found: unpacking the system's packages into $PLACE."
  unpack
  find_servers && exit 0
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
  "${as_root[@]}" apt-get -qq update >/dev/null 2>&1 # the lists may be missing, or too old
  unpack
  find_servers && exit 0
fi

echo "######## NO PROMETHEUS OR NO ALERTMANAGER, AND NEITHER COULD BE UNPACKED. Install prometheus and" \
  "prometheus-alertmanager, or put them on the PATH. ########" >&2
exit 1
