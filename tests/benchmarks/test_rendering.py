"""What the comparison with Mitsuba prints; its times are taken by hand, where Mitsuba is installed."""

import pytest

from benchmarks import rendering
from mottling.errors import TrainingRefused

TIMES = {
    "geometry": 500.0,
    "photograph": 1000.0,
    "few paths": 2500.0,
    "many paths": 10000.0,
    "traced photograph": 4000.0,
}


@pytest.fixture
def asked(monkeypatch):
    """What every process would be asked."""
    asked = {}

    def taken(module, variants, *, processes):
        asked.update(variants)
        return TIMES

    monkeypatch.setattr(rendering, "start_engine", lambda: None)
    monkeypatch.setattr(rendering, "time_apart", taken)
    return asked


def test_each_way_is_as_large_as_the_others_and_their_ratios_are_printed(asked, capsys):
    assert rendering.main(["--views", "2", "--long-side-px", "256"]) == 0
    assert list(asked) == list(TIMES)
    assert {tuple(arguments[2:]) for arguments in asked.values()} == {
        ("--views", "2", "--long-side-px", "256")
    }
    said = capsys.readouterr().out
    for ratio in ("1/5.0 of few paths", "1/20.0 of many paths", "1/4.0 of traced photograph"):
        assert ratio in said


def test_without_mitsuba_it_says_what_to_install(monkeypatch, capsys):
    def missing():
        raise TrainingRefused("Mitsuba is not installed", remedy="pip install 'mottling[train,path-traced]'")

    monkeypatch.setattr(rendering, "start_engine", missing)
    assert rendering.main([]) == 1
    assert "pip install" in capsys.readouterr().out


def test_the_geometry_pass_can_be_timed_alone():
    assert rendering._geometry(1, 64) > 0
