"""What the documents say is so, and the tree keeps its own rules."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import mottling
from mottling import errors
from mottling.cli import mottling as command_line

_ROOT = Path(__file__).parents[1]
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
_README = (_ROOT / "README.md").read_text("utf-8")
_DOCUMENTS = [_ROOT / "README.md", _ROOT / "CONTRIBUTING.md", *sorted((_ROOT / "docs").rglob("*.md"))]
_CODE = sorted(path for room in ("mottling", "training") for path in (_ROOT / room).rglob("*.py"))
_MOST_LINES = 400
_SCREEN_LINES = 40
_LONGER = {
    "_services": "the one place that puts a server together: a line for each who works there",
    "restore": "two thirds are what a caller must know; what it does reads as one list",
    "verify_ledger": "likewise",
}

# The guard answers 413 to the first; whoever reads a record says the second in a sentence of our own.
_CAUGHT_NEXT_DOOR = {"BodyTooLarge", "Misread"}

# Run by a tool that gives them their surroundings, never imported.
_NOT_MODULES = {"mottling/store/migrations/env.py"}


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whichever git there is
        cwd=_ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [_ROOT / name for name in listed.stdout.decode().split("\0") if name and (_ROOT / name).is_file()]


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def _tree() -> Iterator[tuple[str, bool]]:
    """Give each path of README's tree, and whether it is a folder."""
    block = re.search(r"```\n(app\.py .*?)```", _README, re.DOTALL)
    assert block is not None
    folder = ""
    for line in block.group(1).splitlines():
        name = line.split()[0]
        if not line.startswith(" "):
            folder = name if name.endswith("/") else ""
            yield name, name.endswith("/")
        else:
            yield folder + name, name.endswith("/")


def test_each_entry_of_the_readmes_tree_exists():
    assert [name for name, _ in _tree() if not (_ROOT / name).exists()] == []
    assert [name for name, is_folder in _tree() if (_ROOT / name).is_dir() is not is_folder] == []


def test_every_room_stands_in_the_readmes_tree():
    named = {name.rstrip("/") for name, _ in _tree()}
    runtime, training = (list((_ROOT / house).iterdir()) for house in ("mottling", "training"))
    rooms = {path for path in [*runtime, *training] if path.is_dir() and any(path.glob("*.py"))}
    files = {path for path in runtime if path.suffix == ".py" and path.stem != "__init__"}
    assert {str(path.relative_to(_ROOT)) for path in rooms | files} - named == set()


def _commands() -> list[tuple[str, ...]]:
    """Give each command that a document shows, up to its first argument."""
    found = set()
    for _, line in _shown():
        for module in re.findall(r"\bpython -m (training(?:\.\w+)+)", line):
            found.add(("training", module))
        for words in re.findall(r"^mottling ([a-z-]+(?: [a-z-]+)?)", line):
            found.add(("mottling", *words.split()))
    return sorted(found)


def _shown() -> Iterator[tuple[str, str]]:
    """Give each line that a document shows as code, with the document's name."""
    for document in _DOCUMENTS:
        text = document.read_text("utf-8")
        blocks = re.findall(r"^ *```sh\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
        prose = re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
        for line in [*"\n".join(blocks).splitlines(), *re.findall(r"`([^`]+)`", prose)]:
            yield document.name, " ".join(line.split())


@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_each_command_that_a_document_shows_has_help(command, capsys):
    program, *words = command
    if program == "training":
        module = importlib.import_module(_module_of(words[0]))
        with pytest.raises(SystemExit) as ended:
            module.main(["--help"])
        assert ended.value.code == 0
        assert "usage: python -m" in capsys.readouterr().out
    else:
        assert _find(words).get_short_help_str()


def _module_of(command: str) -> str:
    """Name the file that `python -m` runs: of a package, the one that is made for that."""
    is_package = (_ROOT / command.replace(".", "/")).is_dir()
    return f"{command}.__main__" if is_package else command


def _find(words: list[str]) -> click.Command:
    """Follow words as far as groups go; what comes after is an argument."""
    command: click.Command = command_line
    for word in words:
        if not isinstance(command, click.Group):
            break
        found = command.get_command(click.Context(command), word)
        assert found is not None, f"nobody knows mottling {' '.join(words)}"
        command = found
    return command


def test_each_option_that_a_document_shows_is_known(capsys):
    for document, line in _shown():
        training = re.match(r"python -m (training\.\w+)\b(.*)", line)
        runtime = re.match(r"mottling ([a-z-]+(?: [a-z-]+){0,2})\b(.*)", line)
        if training is not None:
            with pytest.raises(SystemExit):
                importlib.import_module(_module_of(training[1])).main(["--help"])
            known = " ".join(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", capsys.readouterr().out, re.MULTILINE))
        elif runtime is not None:
            known = " ".join(option for one in _find(runtime[1].split()).params for option in one.opts)
        else:
            continue
        for option in re.findall(r"(?<![\w-])--[a-z-]+", line):
            assert option in known.split(), f"{document}: {line}"


def test_links_between_documents_lead_somewhere():
    for document in _DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_paths_in_the_readme_exist():
    for path in re.findall(r"`((?:mottling|training|configs|docs|tests)/[\w./-]+)`", _README):
        assert (_ROOT / path).exists(), path


def test_each_requirement_of_the_validation_pack_names_code_and_tests_that_exist():
    text = (_ROOT / "docs" / "validation" / "requirements.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \|(.*)\|(.*)\|(.*)\|$", text, re.MULTILINE)
    assert [int(number) for number, *_ in rows] == list(range(1, len(rows) + 1))
    for number, _, where, shown in rows:
        named = re.findall(r"`((?:mottling|training|tests)/[\w./-]+)`", where + shown)
        assert any(path.startswith(("mottling/", "training/")) for path in named), number
        assert any(path.startswith("tests/") for path in named), number
        assert [path for path in named if not (_ROOT / path).exists()] == []


def test_the_citation_names_the_version():
    citation = (_ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\nversion: {mottling.__version__}\n" in citation


def test_the_error_tree_is_drawn_as_it_is():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert sorted(kind.__name__ for kind in kinds) == sorted(errors.__all__)
    ours = {(kind.__name__, kind.__bases__[0].__name__, _sentence(kind)) for kind in kinds}
    root = (errors.MottlingError.__name__, Exception.__name__, _sentence(errors.MottlingError))
    assert set(_drawn_tree(inspect.getdoc(errors) or "")) == ours - {root}


def _drawn_tree(text: str) -> Iterator[tuple[str, str, str]]:
    """Give each error that a tree draws below its root, with the one above it and what is said of it."""
    above = [errors.MottlingError.__name__]
    for branch, name, said in re.findall(r"^([│ ]*)[├└]── (\w+) +(.+)$", text, re.MULTILINE):
        depth = 1 + len(branch) // len("│   ")
        above[depth:] = [name]
        yield name, above[depth - 1], said


def _sentence(kind: type[Exception]) -> str:
    said = (inspect.getdoc(kind) or "").partition("\n")[0].removesuffix(".")
    return said[:1].lower() + said[1:]


def test_every_error_raised_on_purpose_is_ours():
    own = set(errors.__all__)
    defined = {
        node.name: path
        for path in _CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and any(_is_error(base) for base in node.bases)
    }
    assert set(defined) - own - _CAUGHT_NEXT_DOOR == set()


def _is_error(base: ast.expr) -> bool:
    name = ast.unparse(base).rsplit(".", 1)[-1]
    return name.endswith(("Error", "Exception")) or name in errors.__all__


def _keys(table: dict[str, object], before: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _keys(value, f"{before}{key}.")
        else:
            yield before + key


def test_the_words_of_both_languages_have_the_same_keys():
    words = _ROOT / "mottling" / "web" / "words"
    french, english = (
        set(_keys(tomllib.loads((words / f"{language}.toml").read_text("utf-8"))))
        for language in ("fr", "en")
    )
    assert french ^ english == set()


def test_no_tracked_file_names_this_machine_or_a_registry():
    # Written apart, so that this file does not find itself.
    machine = re.compile(r"(?<![\w.])/(?:wo" + r"rk|fa" + r"rm|opt/wheels|tmp/bash_jobs)(?:/|\b)")
    registry = re.compile(
        r"index-" + r"url|--find-" + r"links|pypi\.(?:org|python)/" + r"simple|files\.python" + r"hosted"
    )
    found = [path for path in _tracked() if machine.search(_text_of(path)) or registry.search(_text_of(path))]
    assert found == []


def test_no_file_of_code_is_too_long():
    long = {
        path.name: count
        for path in _tracked()
        if path.suffix == ".py"
        if (count := _lines(path)) > _MOST_LINES
    }
    assert long == {}


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_no_function_is_longer_than_a_screen_without_a_reason():
    long = {
        node.name
        for path in [*_CODE, _ROOT / "app.py"]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or 0) - node.lineno >= _SCREEN_LINES
    }
    assert long == set(_LONGER)


def test_every_file_of_code_says_what_it_is_for():
    assert [path for path in _CODE if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


_NAMES = [
    ".".join(path.relative_to(_ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in _CODE
    if "migrations" not in path.parts and str(path.relative_to(_ROOT)) not in _NOT_MODULES
]

_IMPORT_ALL = """
import importlib, os, sys
from pathlib import Path
def surroundings():
    names = set(os.environ) - {{"NO_ALBUMENTATIONS_UPDATE", "ORT_DISABLE_TELEMETRY"}}
    kept = {{name: os.environ[name] for name in names}}
    return kept, list(sys.argv), os.getcwd(), sorted(Path.cwd().rglob("*"))
# Two variables keep libraries from speaking to the network when they are imported: they are meant.
# What the libraries do when they are imported is theirs; ours are watched from here on.
for name in {libraries!r}:
    importlib.import_module(name)
before = surroundings()
for name in {names!r}:
    importlib.import_module(name)
for one, other in zip(before, surroundings()):
    assert one == other, (one, other)
forbidden = [name for name in {forbidden!r} if name in sys.modules]
assert not forbidden, forbidden
"""


def _import_all(names: list[str], *, libraries: list[str], forbidden: list[str], folder: Path) -> str:
    code = _IMPORT_ALL.format(names=names, libraries=libraries, forbidden=forbidden)
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:mottling", "-c", code],
        cwd=folder,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(_ROOT),
            "HOME": str(folder),
            "MPLCONFIGDIR": str(folder),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_importing_the_runtime_changes_nothing_prints_nothing_and_loads_no_torch(tmp_path):
    names = [name for name in _NAMES if name.startswith("mottling")]
    printed = _import_all(
        names, libraries=["gradio"], forbidden=["torch", "torchvision", "training", "cv2"], folder=tmp_path
    )
    assert printed == ""


def test_the_network_runs_without_a_word_to_its_maker(tmp_path):
    assert _import_all(["mottling.imaging.segmentation"], libraries=[], forbidden=[], folder=tmp_path) == ""


_IMPORT_WATCHED = """
import importlib, os, sys
class Watch:
    def find_spec(self, name, *_):
        assert name != "onnxruntime" or os.environ.get("ORT_DISABLE_TELEMETRY") == "1"
sys.meta_path.insert(0, Watch())
importlib.import_module({name!r})
"""


@pytest.mark.parametrize(
    "name", ["mottling.imaging.segmentation", "training.network.onnx_file", "training.quantise"]
)
def test_the_networks_runtime_is_told_to_keep_quiet_before_it_is_loaded(name, tmp_path):
    surroundings = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(_ROOT), "HOME": str(tmp_path)}
    code = _IMPORT_WATCHED.format(name=name)
    done = subprocess.run([sys.executable, "-c", code], env=surroundings, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_scoring_a_photograph_loads_neither_web_nor_store(tmp_path):
    names = ["mottling.cli", "mottling.commands.score", "mottling.imaging.assessor"]
    forbidden = ["torch", "gradio", "fastapi", "sqlalchemy", "mottling.web", "mottling.store", "scipy.stats"]
    assert _import_all(names, libraries=[], forbidden=forbidden, folder=tmp_path) == ""


def test_importing_training_changes_nothing_and_prints_nothing(tmp_path):
    names = [name for name in _NAMES if name.startswith("training")]
    assert (
        _import_all(
            names, libraries=["torch", "cv2", "sklearn"], forbidden=["sqlalchemy", "gradio"], folder=tmp_path
        )
        == ""
    )


def test_the_changelog_opens_with_the_version():
    versions = re.findall(r"^## (\S+)", (_ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert versions[0] == mottling.__version__


def _locked() -> dict[str, str]:
    lines = (_ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pins = [line.split("#")[0].strip() for line in lines]
    return {canonicalize_name(Requirement(pin).name): str(Requirement(pin).specifier) for pin in pins if pin}


def test_the_lock_pins_every_dependency_exactly_and_has_no_address():
    text = (_ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in text
    assert " @ " not in text
    assert all(re.fullmatch(r"==[\w.+!]+", version) for version in _locked().values())
    extras = [line for lines in _PROJECT["optional-dependencies"].values() for line in lines]
    named = {canonicalize_name(Requirement(line).name) for line in [*_PROJECT["dependencies"], *extras]}
    assert named - set(_locked()) - {"mottling"} == set()


def test_pinned_versions_satisfy_what_the_project_asks_for():
    extras = [line for lines in _PROJECT["optional-dependencies"].values() for line in lines]
    for line in [*_PROJECT["dependencies"], *extras]:
        asked = Requirement(line)
        if asked.name != "mottling":
            assert _locked()[canonicalize_name(asked.name)].removeprefix("==") in asked.specifier, line
