"""Rules about the code itself, for the whole tree."""

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.bars import core_modules

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "addons" / "tollway"
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MOST_LINES = 400
SHELL_ONLY = frozenset(
    "asyncio http httpx logging mitmproxy multiprocessing os redis requests selectors shutil signal socket"
    " sqlite3 ssl subprocess sys tempfile time urllib3".split()
)
"""Engine, clock, stores, environment, network: values come to the core as arguments."""
VAGUE = re.compile(r"utils?|helpers?|managers?|common|misc")
NOT_OURS = {"node_modules", "__pycache__", "dist", "build"}


def name_of(path: Path) -> str:
    """A file's path in the checkout, for ids and messages."""
    return str(path.relative_to(ROOT))


def is_core(path: Path) -> bool:
    """Whether a module belongs to the functional core."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py") in core_modules()


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """The line and the full name of everything that a module imports, wherever it does."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def is_of_the_shell(name: str) -> bool:
    """Whether the core may not import it."""
    top, *rest = name.split(".")
    if top == "tollway":
        return bool(rest) and rest[0] not in core_modules()
    return top in SHELL_ONLY or name.startswith("urllib.request")


def has_code(path: Path) -> bool:
    """Whether a module has a function that does something: a table or a Protocol has none."""
    functions = (
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return any(
        not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        for function in functions
        for line in function.body
    )


def mirror_of(path: Path) -> Path:
    """Where a module's tests are; those of a package's own code are named for the package."""
    inside = path.relative_to(PACKAGE)
    stem = inside.parent.name if path.stem == "__init__" else path.stem
    return ROOT / "tests" / "tollway" / inside.parent / f"test_{stem}.py"


def ours() -> Iterator[Path]:
    """Every file of the checkout that is the project's."""
    for folder, folders, files in os.walk(ROOT):
        hidden = {name for name in folders if name.startswith(".") and name != ".ci"}
        folders[:] = set(folders) - hidden - NOT_OURS
        yield from (Path(folder, file) for file in files if not file.startswith(".coverage"))


SH = sorted(path for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix)


def test_core_imports_nothing_of_the_shell() -> None:
    """Wire formats, providers, policy, prices and identity are values in, values out."""
    wrong = [
        f"{name_of(path)}:{line}: {name}"
        for path in MODULES
        if is_core(path)
        for line, name in imports(path)
        if is_of_the_shell(name)
    ]

    assert not wrong, "\n".join(wrong)


def test_no_file_is_long() -> None:
    """One idea fits into 400 lines, and most into 120; so do the tests of one."""
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in (*MODULES, *TESTS)}

    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_code_has_a_test_file_of_its_own() -> None:
    """At the mirrored path, so that one knows where to look."""
    wanted = [mirror_of(path) for path in MODULES if path.stem != "__main__" and has_code(path)]
    missing = [name_of(path) for path in wanted if not path.is_file()]

    assert not missing, "\n".join(missing)


def test_no_name_is_vague() -> None:
    """A file is named for its idea; what is called utils has none."""
    names = {part.removesuffix(".py") for path in MODULES for part in path.relative_to(PACKAGE).parts}

    assert [name for name in names if VAGUE.fullmatch(name)] == []


@pytest.mark.parametrize(
    ("code", "imported", "wrong"),
    [
        ("import os", ["os"], True),
        ("def f():\n    from asyncio import sleep", ["asyncio.sleep"], True),
        ("import urllib.request", ["urllib.request"], True),
        ("from urllib.parse import unquote", ["urllib.parse.unquote"], False),
        ("from tollway.hooks.meter import x", ["tollway.hooks.meter.x"], True),
        ("from tollway import clock", ["tollway.clock"], True),
        ("from tollway import model", ["tollway.model"], False),
        ("import tollway.wire.sse", ["tollway.wire.sse"], False),
        ("import ossify", ["ossify"], False),
    ],
)
def test_the_rule_about_imports_sees_what_is_wrong(
    tmp_path: Path, code: str, imported: list[str], wrong: bool
) -> None:
    """A rule that never fails holds nothing."""
    path = tmp_path / "module.py"
    path.write_text(code)

    assert [name for _, name in imports(path)] == imported
    assert [is_of_the_shell(name) for name in imported] == [wrong]


@pytest.mark.parametrize(
    ("code", "has"),
    [
        ("X = {1: 2}", False),
        ("class A:\n    x: int = 1", False),
        ("class P:\n    def f(self) -> None:\n        'What it does.'", False),
        ("class P:\n    def f(self) -> None: ...", False),
        ("class A:\n    def f(self):\n        'Doc.'\n        return 1", True),
        ("async def f():\n    await g()", True),
    ],
)
def test_the_rule_about_tests_sees_code(tmp_path: Path, code: str, has: bool) -> None:
    """Tables, values and Protocols want no test of their own."""
    path = tmp_path / "module.py"
    path.write_text(code)

    assert has_code(path) is has


def test_nothing_names_an_index_or_this_machine() -> None:
    """Lock files and texts hold wherever packages come from, and wherever the checkout lies."""
    # Cut, so that this file does not name them either.
    cut = ["py|pi.org", "python|hosted", "npm|js.org", "npm|js.com", "deb.|debian.org", "/ro|ot/.", "/wo|rk/"]
    names = [name.replace("|", "").encode() for name in cut] + [f"{ROOT}/".encode()]
    wrong = []
    for path in ours():
        text = path.read_bytes()
        wrong += [f"{name_of(path)}: {name.decode()}" for name in names if name in text]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", [*SH, ROOT / ".ci" / "run"], ids=name_of)
def test_scripts_can_be_run(path: Path) -> None:
    """Each sh file parses; each but the sourced one has the run bit, and is short."""
    text = path.read_text("utf-8")

    assert subprocess.run(["sh", "-n", path], check=False).returncode == 0
    assert os.access(path, os.X_OK) == text.startswith("#!/bin/sh\n")
    assert len(text.splitlines()) <= 100
