"""Loading leaves the collector as it was, also when what is loaded is broken."""

import gc
import subprocess
import sys

import pytest

from mottling.starting import loading


def test_the_collector_rests_while_something_is_loaded_and_works_again_after_it() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ImportError), loading():
        raise ImportError("broken")
    assert gc.isenabled()


def test_what_was_loaded_is_not_searched_again() -> None:
    gc.unfreeze()
    with loading():
        pass
    assert gc.get_freeze_count() > 0
    gc.unfreeze()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with loading():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_command_line_looks_for_no_plugin() -> None:
    asked = """
from mottling.starting import loading
with loading():
    import mottling.commands.score
    import pydantic.plugin._loader
print(len(list(pydantic.plugin._loader.get_plugins())))
"""
    shown = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "0"
