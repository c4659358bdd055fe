"""Files that know each other, in a round of whatever length: at import, by an import within a function, or
for types alone. `make lint` runs it in the project's folder; it prints one circle a line and exits 1 if there
is any.
"""

from __future__ import annotations

import sys
from collections import deque
from pathlib import Path

import grimp

ROOMS = ("cockpit", "simulator")


def circles(knows: dict[str, set[str]]) -> list[list[str]]:
    """The shortest way back to itself of every module that has one, each circle once. `knows`: by module what
    it imports."""
    ways = (_back(module, knows) for module in sorted(knows))
    return list({frozenset(way): way for way in ways if way}.values())


def _back(module: str, knows: dict[str, set[str]]) -> list[str]:
    """The shortest way from a module back to it, its end left out; empty where there is none."""
    ways = deque([[module]])
    seen = {module}
    while ways:
        way = ways.popleft()
        for known in sorted(knows.get(way[-1], ())):
            if known == module:
                return way
            if known not in seen:
                seen.add(known)
                ways.append([*way, known])
    return []


def main() -> None:
    sys.path.insert(0, str(Path.cwd()))
    graph = grimp.build_graph(*ROOMS, exclude_type_checking_imports=False, cache_dir=None)
    found = circles({m: graph.find_modules_directly_imported_by(m) for m in graph.modules})
    print("\n".join(" -> ".join((*way, way[0])) for way in found) if found else "circles: none")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
