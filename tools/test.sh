#!/usr/bin/env bash
# Both halves of the tests at once: those with a browser mostly wait, the others mostly compute.
# tools/test.sh PYTEST JOBS; fails if either fails, and shows what both have said.
set -uo pipefail

pytest=$1 jobs=$2
said=build/browser-tests.txt
mkdir -p build

"$pytest" -q -n 2 -p no:cacheprovider -m "browser and not long" >"$said" 2>&1 &
browser=$!
trap 'kill "$browser" 2>/dev/null' INT TERM

"$pytest" -q -n "$jobs" -m "not browser and not long"
main=$?

wait "$browser"
with_browser=$?
cat "$said"
[ "$main" -eq 0 ] && [ "$with_browser" -eq 0 ]
