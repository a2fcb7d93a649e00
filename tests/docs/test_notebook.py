"""The statistician's notebook, run on what a simulated trial exports, with an arm whose effect is known."""

import csv
import io
import math
import random
import shutil
from collections import Counter
from pathlib import Path

import nbclient
import nbformat
import pytest
from scipy.optimize import brentq
from scipy.special import expit, logit

from mottling.services.results import Results
from mottling.store.store import Store
from mottling.trial.charter import read_charter
from tests.docs.snippets import ROOT
from tests.house import OLGA
from tests.simulated_trial import NOW, Simulation, charter_of_25_sites

NOTEBOOK = ROOT / "docs" / "notebooks" / "day1-by-arm.ipynb"
CONTROL, TREATED = "saline", "iloprost"
TRUE_ODDS_RATIO = 3.0
SCORES = range(6)


def chances_of_treatment(values: list[int]) -> dict[int, float]:
    """How likely a score is of the treated half, so that the odds of both halves are proportional."""
    share = {score: values.count(score) / len(values) for score in SCORES}
    treated_reaches = {0: 1.0, 6: 0.0}
    for cut in SCORES[1:]:
        reaches = sum(share[score] for score in SCORES if score >= cut)
        treated_reaches[cut] = expit(_treated_logit(reaches))
    return {
        score: (treated_reaches[score] - treated_reaches[score + 1]) / (2 * share[score])
        for score in SCORES
        if share[score]
    }


def _treated_logit(reaches: float) -> float:
    """The logit in the treated arm, when both arms together reach a score so often."""
    apart = math.log(TRUE_ODDS_RATIO)
    middle = logit(reaches)
    return brentq(lambda one: (expit(one) + expit(one - apart)) / 2 - reaches, middle - apart, middle + apart)


def draw_arms(truth: dict, rng: random.Random) -> dict[str, str]:
    """Give each patient an arm, as the trial's randomisation would."""
    chances = chances_of_treatment([one.value for one in truth.values() if one.value is not None])
    return {
        name: TREATED if rng.random() < chances.get(one.value, 0.5) else CONTROL
        for name, one in truth.items()
    }


@pytest.fixture(scope="module")
def simulation():
    return Simulation(random.Random(236)).run()  # noqa: S311 - a made-up trial


@pytest.fixture(scope="module")
def arms(simulation):
    return draw_arms(simulation.truth, random.Random(4))  # noqa: S311 - a made-up trial


@pytest.fixture(scope="module")
def folder(simulation, arms, tmp_path_factory) -> Path:
    """The two files, and the notebook beside them."""
    folder = tmp_path_factory.mktemp("statistician")
    (folder / "trial.toml").write_text(charter_of_25_sites(), "utf-8")
    with Store.open(folder / "data") as store:
        with store._ledger.writing() as pen:
            for record in simulation.records:
                pen.add(record)
        data = Results(store, read_charter(folder / "trial.toml")).outcome_csv(OLGA, at=NOW)
    (folder / "day1.csv").write_bytes(data)
    lines = ["patient,arm", *(f"{name},{arm}" for name, arm in arms.items())]
    (folder / "arms.csv").write_text("\n".join(lines), "utf-8")
    shutil.copy(NOTEBOOK, folder)
    return folder


@pytest.fixture(scope="module")
def done(folder):
    """The notebook after each of its cells was run, with a home of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR"):
            patch.setenv(name, str(folder / name.lower()))
        notebook = nbformat.read(folder / NOTEBOOK.name, as_version=4)
        # Nothing is measured by these seconds: a machine that runs tests has other work too.
        client = nbclient.NotebookClient(
            notebook, timeout=300, startup_timeout=300, resources={"metadata": {"path": str(folder)}}
        )
        return client.execute()


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_text("utf-8"))))


def test_it_is_kept_without_what_a_run_wrote():
    kept = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(kept)
    code = [cell for cell in kept.cells if cell.cell_type == "code"]
    assert [(cell.outputs, cell.execution_count) for cell in code] == [([], None)] * len(code)


def test_every_cell_runs_and_none_warns(done):
    outputs = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in outputs if output.output_type != "execute_result"] == []


def test_the_table_counts_each_patient_once_by_arm_with_a_value_or_the_reason(done, folder, simulation, arms):
    truth = Counter((arms[name], one.missing or str(one.value)) for name, one in simulation.truth.items())
    found = {
        (arm, row["day 1"]): int(row[arm])
        for row in rows(folder, "day1-table.csv")
        for arm in (CONTROL, TREATED)
    }
    assert +Counter(found) == truth
    assert sum(found.values()) == len(simulation.truth)


def test_the_model_finds_the_odds_ratio_with_which_the_arms_were_drawn(done, folder, simulation):
    every, exact, inside = rows(folder, "day1-odds-ratio.csv")
    for one in (every, exact, inside):
        assert 1 < float(one["low"]) < TRUE_ODDS_RATIO < float(one["high"])
    valued = [one for one in simulation.truth.values() if one.value is not None]
    assert float(every["patients"]) == len(valued)
    assert float(exact["patients"]) == sum(not one.at_least for one in valued)
    assert float(inside["patients"]) == sum(not one.outside_window for one in valued)
