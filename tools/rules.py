"""Rules of the project that no other tool holds: lengths of files, words, text in code, who may know whom
among the pages. `make lint` runs it; it prints one line a finding and exits 1 if there is any.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES = 400
MAX_PAGE_LINES = 120
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.I)
SQL = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|PRAGMA|BEGIN|ALTER)\s+[A-Za-z_(*]", re.S)
CLOCKS = {"now", "utcnow", "today", "time", "time_ns"}
"""Calls on datetime, date or time that read a clock; `monotonic` and `perf_counter` measure durations."""

CLOCKLESS = ("cockpit/domain", "cockpit/engine", "cockpit/store", "cockpit/views", "cockpit/commands")
SQL_HOMES = ("cockpit/store", "cockpit/bench")  # measurements ask the store from outside
SQL_TESTS = (
    "tests/store/inside.py",  # what tests see inside a store, and what they put there
    "tests/store/earlier.py",  # tables of earlier versions, made by hand
    "tests/store/test_audit.py",  # a roll-up that is wrong on disk
    "tests/store/test_faults.py",  # locks, full disks, files that are damaged or foreign
    "tests/store/test_old_databases.py",  # migrations of what earlier versions wrote
    "tests/store/test_snapshot.py",  # copies of files whose tables are the test's own
)
"""The tests that know the tables. The others ask queries: another schema is a change of the first alone."""

EXECUTES = {"execute", "executemany", "executescript"}
TEXT_FREE = ("cockpit", "pages", "app.py")
TEXT_HOMES = (
    "cockpit/profiles",
    "cockpit/ui/pick.py",  # letters made comparable for searching
)
KIND_HOMES = ("cockpit/engine/kinds", "cockpit/ui/kind_words", "cockpit/profiles")
RULE = re.compile(r"(^|[._])(rule|r)$")
"""How a rule is called in code."""

OF_SETTINGS = (
    "cockpit/config.py",
    "cockpit/boot.py",  # joins the parts
    "cockpit/parts.py",  # the one place to ask
    "cockpit/web/entrance.py",  # stands before the parts, and may not need them
    "cockpit/web/visitor.py",
)
"""Who may ask the settings whether this is a demo."""

UNEXPLAINED = ("cockpit/web/entrance.py",)  # it need not be so there: `cockpit.parts` can be imported plainly

STOPWATCHES = {"perf_counter", "process_time", "thread_time", "monotonic"}
WAITING = "tests/waiting.py"
PATIENCE_S = 90
"""The least that a test of `make test` waits for a condition: a machine may be several times slower."""

PAGE_IMPORTS = ("cockpit.ui", "cockpit.views", "cockpit.commands")
PAGE_LIBRARIES = {"streamlit", "__future__", "collections", "dataclasses", "functools", "typing", "datetime"}


def tracked() -> list[Path]:
    """Files of the project: what is committed or would be."""
    out = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in out.stdout.splitlines() if (path := ROOT / line).is_file()]


def lengths(path: Path, text: str) -> Iterator[str]:
    name = path.relative_to(ROOT).as_posix()
    lines = text.count("\n")
    limit = MAX_PAGE_LINES if name.startswith("pages/") else MAX_LINES
    if lines > limit:
        yield f"{name}: {lines} lines, at most {limit}"


def unfinished(path: Path, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if found := UNFINISHED.search(line):
            yield f"{path.relative_to(ROOT)}:{number}: {found[0]}: finish it or say it in the changelog"


def _strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """String literals that are no docstrings."""
    bare = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node


def _executing(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls by which a connection is given SQL, whatever the text is made of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in EXECUTES:
            yield node


def text_in_code(name: str, tree: ast.AST) -> Iterator[str]:
    if not name.startswith(TEXT_FREE) or name.startswith(TEXT_HOMES):
        return
    for node in _strings(tree):
        if VIETNAMESE.search(str(node.value)):
            yield f"{name}:{node.lineno}: text for users in code: {str(node.value)[:40]!r}"


def sql_outside_store(name: str, tree: ast.AST) -> Iterator[str]:
    if not name.startswith(("cockpit", "pages", "simulator")) or name.startswith(SQL_HOMES):
        return
    for node in _strings(tree):
        if SQL.match(str(node.value)):
            yield f"{name}:{node.lineno}: SQL outside the store: {str(node.value)[:40]!r}"
    for call in _executing(tree):
        yield f"{name}:{call.lineno}: speaks SQL to a database; only the store does"


def sql_in_tests(name: str, tree: ast.AST) -> Iterator[str]:
    """Tests ask queries, views or the API; what only they ask stands in one file."""
    if not name.startswith("tests/") or name in SQL_TESTS:
        return
    advice = f"ask a query, or {SQL_TESTS[0]}"
    for node in _strings(tree):
        if SQL.match(str(node.value)):
            yield f"{name}:{node.lineno}: SQL in a test: {str(node.value)[:40]!r}; {advice}"
    for call in _executing(tree):
        yield f"{name}:{call.lineno}: a test speaks SQL to a database; {advice}"


def rule_kinds() -> frozenset[str]:
    """The codes of the kinds of rules, as their own files say them."""
    found = set()
    for path in sorted((ROOT / KIND_HOMES[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and [getattr(t, "id", "") for t in node.targets] == ["code"]:
                found.add(str(ast.literal_eval(node.value)))
    return frozenset(found)


def kinds_named(name: str, tree: ast.AST, kinds: frozenset[str] | None = None) -> Iterator[str]:
    """A kind of rule is named in its own two files and in the profile, else a new one is not one file. Some
    names are words of others as well: faults of the simulator, tables of a profile; those are looked for
    only where something is compared with the kind of a rule."""
    if not name.startswith(("cockpit", "pages", "app.py", "simulator")) or name.startswith(KIND_HOMES):
        return
    kinds = KINDS if kinds is None else kinds
    for module, line in _imported(tree):
        if module in OWN_FILES:
            yield f"{name}:{line}: names a kind of rule by its class: {module}"
    if not name.startswith("simulator"):
        for string in _strings(tree):
            if string.value in kinds and "_" in str(string.value):
                yield f"{name}:{string.lineno}: names a kind of rule: {string.value!r}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and _of_a_rule(node):
            for said in _strings(node):
                if said.value in kinds:
                    yield f"{name}:{node.lineno}: names a kind of rule: {said.value!r}"


def _imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Modules that are imported, wherever in a file, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def own_files() -> frozenset[str]:
    """The modules of the kinds of rules: those that say a code."""
    folder = ROOT / KIND_HOMES[0]
    told = (path for path in folder.glob("*.py") if re.search(r"^    code = ", path.read_text("utf-8"), re.M))
    return frozenset(f"{KIND_HOMES[0].replace('/', '.')}.{path.stem}" for path in told)


def _of_a_rule(node: ast.Compare) -> bool:
    """Whether a comparison is about the kind of a rule."""
    return any(
        isinstance(part, ast.Attribute)
        and (part.attr == "rule_kind" or (part.attr == "kind" and RULE.search(ast.unparse(part.value))))
        for part in (node.left, *node.comparators)
    )


KINDS = rule_kinds()
OWN_FILES = own_files()


def unexplained_types(name: str, tree: ast.AST, text: str) -> Iterator[str]:
    """An import for types alone has a comment that says why: else it may hide a circle."""
    lines = text.splitlines()
    for node in ast.walk(tree):
        if not isinstance(node, ast.If) or name in UNEXPLAINED:
            continue
        of_types = ast.unparse(node.test).split(".")[-1] == "TYPE_CHECKING"
        if of_types and not any("#" in line for line in lines[node.lineno - 1 : node.body[0].lineno - 1]):
            yield f"{name}:{node.lineno}: an import for types alone: say in a comment why, or import it"


def demo_asked(name: str, tree: ast.AST) -> Iterator[str]:
    """Whether this is a demo is asked of the parts, not of the settings."""
    if not name.startswith(("cockpit", "pages", "app.py")) or name in OF_SETTINGS:
        return
    for node in ast.walk(tree):
        asked = isinstance(node, ast.Attribute) and node.attr == "demo" and _of_settings(node.value)
        if isinstance(node, ast.Compare) and getattr(node.left, "attr", "") == "mode":
            settings = _of_settings(getattr(node.left, "value", node))
            asked = settings and any(said.value == "demo" for said in _strings(node))
        if asked:
            at = getattr(node, "lineno", 0)
            yield f"{name}:{at}: asks the settings whether this is a demo; ask the parts"


def _of_settings(node: ast.AST) -> bool:
    return bool(re.search(r"(^|[._])config$", ast.unparse(node)))


def own_clocks(name: str, tree: ast.AST) -> Iterator[str]:
    if not name.startswith(CLOCKLESS):
        return
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        owner_name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        if node.func.attr in CLOCKS and owner_name in ("time", "datetime", "date"):
            yield f"{name}:{node.lineno}: reads a clock by itself; the clock is handed in"


def page_imports(name: str, tree: ast.AST) -> Iterator[str]:
    """A page takes a view and draws it: it knows views, commands, the design system and Streamlit."""
    if not name.startswith("pages/"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        else:
            continue
        for module in modules:
            if module.startswith("cockpit"):
                names = [f"{module}.{alias.name}" for alias in getattr(node, "names", [])]
                if not module.startswith(PAGE_IMPORTS) and not all(n.startswith(PAGE_IMPORTS) for n in names):
                    yield f"{name}:{node.lineno}: a page may not know {module}"
            elif module.split(".")[0] not in PAGE_LIBRARIES:
                yield f"{name}:{node.lineno}: a page may not know {module}"


def _is_long(node: ast.AST) -> bool:
    """Whether a function's decorators, or the value of a module's `pytestmark`, hold `pytest.mark.long`."""
    if isinstance(node, ast.Assign):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        return names == ["pytestmark"] and "pytest.mark.long" in ast.unparse(node.value)
    return any("pytest.mark.long" in ast.unparse(found) for found in getattr(node, "decorator_list", ()))


def _short_wait(call: ast.Call) -> bool:
    """Whether a call gives up in less than `PATIENCE_S`: seconds, or milliseconds for a browser."""
    given = [k.value for k in call.keywords if k.arg == "timeout"]
    if isinstance(call.func, ast.Attribute) and call.func.attr in ("result", "exception", "wait", "join"):
        given += call.args[:1]
    for value in given:
        number = value.value if isinstance(value, ast.Constant) else None
        if isinstance(number, int | float) and not isinstance(number, bool) and number > 0:
            return bool(number < (PATIENCE_S if number < 1000 else PATIENCE_S * 1000))
    return False


def timed_tests(name: str, tree: ast.Module) -> Iterator[str]:
    """No test of `make test` looks at a stopwatch, spins or gives up soon; those marked `long` may."""
    if not name.startswith("tests/") or name == WAITING or any(map(_is_long, tree.body)):
        return
    left = [node for node in tree.body if not _is_long(node)]
    for node in (node for top in left for node in ast.walk(top)):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            watches = [alias.name for alias in node.names]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time":
            watches = [node.attr]
        else:
            watches = []
        if STOPWATCHES & {watch.removesuffix("_ns") for watch in watches}:
            at = getattr(node, "lineno", 0)
            yield f"{name}:{at}: a test takes a time; wait by {WAITING}, measure where it is `long`"
        if isinstance(node, ast.While) and all(isinstance(one, ast.Pass) for one in node.body):
            yield f"{name}:{node.lineno}: a loop that holds a core; wait by {WAITING}"
        if isinstance(node, ast.Call) and _short_wait(node):
            yield f"{name}:{node.lineno}: waits less than {PATIENCE_S} s; a machine may be slower"


def words() -> Iterator[str]:
    """The catalogues have the same keys, and each text the same places to fill in."""
    import tomllib

    def flat(table: dict[str, object], prefix: str = "") -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in table.items():
            if isinstance(value, dict):
                found |= flat(value, f"{prefix}{key}.")
            else:
                found[prefix + key] = str(value)
        return found

    folder = ROOT / "cockpit" / "ui" / "words"
    vi, en = (flat(tomllib.loads((folder / f"{code}.toml").read_text("utf-8"))) for code in ("vi", "en"))
    plural = {key for key in en if key.endswith("_one")}  # Vietnamese has one form for all numbers
    for key in sorted(vi.keys() ^ (en.keys() - plural)):
        yield f"words: {key} is in one language only"
    for key in sorted(vi.keys() & en.keys()):
        places = [set(re.findall(r"\{(\w+)", text)) for text in (vi[key], en[key])]
        if places[0] != places[1]:
            yield f"words: {key} fills in {sorted(places[0])} in vi, {sorted(places[1])} in en"


RULES = (
    text_in_code,
    sql_outside_store,
    sql_in_tests,
    own_clocks,
    kinds_named,
    demo_asked,
    page_imports,
    timed_tests,
)


def findings() -> Iterator[str]:
    """Everything that breaks a rule."""
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix not in {".py", ".md", ".toml", ".sh", ".js", ".css", ".yml", ".yaml"}:
            continue
        text = path.read_text("utf-8")
        yield from unfinished(path, text)
        if path.suffix == ".py":
            yield from lengths(path, text)
            tree = ast.parse(text, name)
            for rule in RULES:
                yield from rule(name, tree)
            yield from unexplained_types(name, tree, text)
    yield from words()


if __name__ == "__main__":
    found = list(findings())
    print("\n".join(found) if found else "rules: all kept")
    sys.exit(bool(found))
