#!/usr/bin/env bash
# Removes a demo's data directory, unless a cockpit works in it or it is something else.
set -euo pipefail
dir="${1:?data directory}"
if [ ! -e "$dir" ]; then echo "$dir is not there: nothing to remove."; exit 0; fi
if [ ! -e "$dir/cockpit.db" ] && [ -n "$(ls -A "$dir")" ] && [ ! -e "$dir/lock" ]; then
  echo "$dir holds no cockpit: nothing removed." >&2
  exit 1
fi
for held in "$dir" "$dir/lock"; do
  if [ -e "$held" ] && command -v flock >/dev/null && ! flock -n "$held" true; then
    echo "A cockpit works in $dir: end it first. It says of itself: $(cat "$dir/lock" 2>/dev/null || echo nothing)" >&2
    exit 1
  fi
done
rm -rf -- "$dir"
echo "Removed $dir: the next demo begins anew."
