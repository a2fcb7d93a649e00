"""Writes a model's card: `python -m training.card NAME --models DIR [--real DIR]`.

From evaluation.json, calibration.json and training.json beside the model; with --real also the sources of
the real material, their authors and licences, from the manifests in that folder. Where the training had real
photographs, a card without them is refused. No weights are read: a retired model's card can be told anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from mottling.errors import MottlingError
from mottling.imaging.contract import ScoringRules
from mottling.registry import Model, Registry
from training.measuring.evaluation import Evaluation, read_evaluation
from training.papers.card_sources import tell_sources
from training.papers.card_tables import figure_table, score_table, tables_of_set
from training.papers.real_sources import Source, read_sources
from training.rules.calibration import Calibration, read_calibration
from training.running.history import History, read_history

__all__ = ["main", "tell_card"]

_CARD = "card.md"

_WHAT_IT_IS = """\
It proposes a mottling score from 0 to 5 (Ait-Oufella 2011, doi 10.1007/s00134-011-2163-y) for a photograph
of the knees and thighs, with the zones and the mottled skin it rests on. **Research software for the
outcome of a trial, not a device for treatment.** A person reads every photograph; the model's proposal is a
second opinion.

**It learned from made photographs**: rendered legs whose mottling is exact because a program painted it,
and, where the sources below name them, openly licensed real photographs of healthy legs, cloth and skin.
Unless the commands below name adjudicated photographs (`--extra`), it has never seen the skin of a patient
in shock. What is measured below is measured on made photographs, and on real ones of healthy or painted
legs: it shows how well the model reads what was drawn, and how quiet it keeps on healthy legs. It does not
show how well it reads patients. That needs photographs of patients that people have read.
"""

_SCALE = """\
| score | the highest zone with mottled skin |
|---|---|
| 0 | none |
| 1 | the coin: a disc of 30 mm on the centre of the kneecap |
| 2 | the rest below the superior edge of the kneecap, lower leg included |
| 3 | from the kneecap's superior edge to the middle of the thigh |
| 4 | from the middle of the thigh to the fold of the groin |
| 5 | beyond the fold of the groin |

The worse leg counts. Patches between clear skin count by the highest. Mottled skin at the end of the view
makes the score a lower bound (`at_least`); a clean thigh without its knee makes it `not_assessable`.
"""

_NOT_FOR = """\
- Decisions on treatment, triage or prognosis of anybody.
- Skin diseases: livedo, purpura, cyanosis or bruises are not told from mottling.
- A photograph that a person could not judge: dark, blurred, or of a leg too small to see a coin on its knee.
- Children, amputated or bandaged legs, legs in stockings.
- An outcome that nobody read: the score of record is the readers', never the model's.
"""


def tell_card(model: Model, sources: Sequence[Source]) -> str:
    """Write the card of a model.

    Args:
        model: With its evaluation.json.
        sources: Of real material that it learned from; empty when it saw none.

    Raises:
        TrainingRefused: It was never evaluated, a file beside it is not understood, or it learned from real
            material and no sources are given.
    """
    evaluation = read_evaluation(model.folder / "evaluation.json")
    history = read_history(model.folder)
    parts = [
        f"# {model.name}",
        _WHAT_IT_IS,
        "## The scale",
        _SCALE,
        "## What it must not be used for",
        _NOT_FOR,
        "## How it was trained",
        _tell_training(history),
        "## How it was calibrated",
        _tell_calibration(read_calibration(model.folder)),
        "## What was measured",
        _tell_evaluation(evaluation),
        *(_tell_set(evaluation, index) for index in range(len(evaluation.sets))),
        "## Sources of real material",
        tell_sources(history, sources),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _tell_training(history: History | None) -> str:
    if history is None:
        return "Nobody wrote it down."
    phases = ", then ".join(
        f"{phase.steps} steps of {phase.batch_size} pictures at {phase.size_px} px"
        for phase in history.phases
    )
    lines = [
        _tell_run(history, phases),
        *(f"- `{command}`" for command in history.commands),
        f"- code at {', '.join(history.commits) or 'an unknown commit'}; "
        f"exported at {history.exported_by.commit} by version {history.exported_by.package}",
        *(f"- trained on `{one.name}`, sha256 {one.sha256}" for one in history.data),
        _tell_parity(history),
    ]
    if history.photos_per_s is not None:
        lines.append(f"- {history.photos_per_s} pictures a second, median")
    return "\n".join(lines)


def _tell_run(history: History, phases: str) -> str:
    if not history.averaged:
        return f"Run `{history.run}`, seed {history.seed}: {history.steps} steps ({phases})."
    return (
        f"Run `{history.run}`: the average of the weights of {', '.join(history.averaged)}; BatchNorm's "
        f"statistics behind the encoder were taken anew ({phases}; seed {history.seed})."
    )


def _tell_parity(history: History) -> str:
    if history.parity_difference is None:
        return "- the file holds 8-bit numbers: what they cost was measured before it was taken in"
    return (
        f"- every output of the ONNX file lies within {history.parity_difference:.1e} of the network in "
        "torch, on three sizes"
    )


def _tell_calibration(calibration: Calibration | None) -> str:
    if calibration is None:
        return "It was not: probabilities are the network's own, and thresholds those of an uncalibrated map."
    rules = calibration.rules
    sets = ", ".join(
        f"{one.name} ({one.photographs} photographs of {len(one.groups)} views or persons)"
        for one in calibration.sets
    )
    return "\n".join(
        [
            f"`{calibration.command}` at {calibration.made_by.commit}, on {calibration.share:.0%} of the "
            f"views or persons of {sets}. None of these is among the photographs measured below.",
            "",
            "| zone | slope | bias | legs seen with it mottled | clean |",
            "|---|---|---|---|---|",
            *(
                f"| {zone + 1} | {rules.slopes[zone]:.2f} | {rules.biases[zone]:.2f} "
                f"| {calibration.mottled_labels[zone]} | {calibration.clean_labels[zone]} |"
                for zone in range(len(rules.slopes))
            ),
            "",
            f"Threshold {rules.threshold}{_tell_extent(rules)}, mass of the prediction set {rules.set_mass}, "
            f"readable from {rules.readable_from}.",
        ]
    )


def _tell_extent(rules: ScoringRules) -> str:
    return (
        ""
        if rules.extent_threshold is None
        else f" ({rules.extent_threshold} for a mottled leg's other zones)"
    )


def _tell_evaluation(evaluation: Evaluation) -> str:
    return (
        f"`{evaluation.command}` at {evaluation.made_by.commit}, file {evaluation.model.sha256[:12]}. "
        "Intervals are 95 %, from drawing whole views or persons again with replacement. Quadratic kappa "
        "flatters: read it together with the exact scores. Whoever develops a model looks at sets like these "
        "while choosing its sizes and rules, so that every figure here flatters a little as well; those of "
        "agreement count answered photographs only."
    )


def _tell_set(evaluation: Evaluation, index: int) -> str:
    report = evaluation.sets[index]
    head = (
        f"### {report.name}\n\n{report.photographs} photographs of {report.groups} views or persons "
        f"(sha256 {report.sha256[:12]}); {report.left_out} left out, for the model was calibrated on them."
    )
    return "\n\n".join([head, figure_table(report.figures), score_table(report.table), tables_of_set(report)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and write the card."""
    parser = argparse.ArgumentParser(prog="python -m training.card", description=__doc__)
    parser.add_argument("name", help="of a model in the registry")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    parser.add_argument("--real", type=Path, help="openly licensed real photographs that it learned from")
    given = parser.parse_args(arguments)
    try:
        model = Registry.open(given.models).find(given.name)
        card = tell_card(model, () if given.real is None else read_sources(given.real))
    except MottlingError as error:
        print(error)
        return 1
    partial = model.folder / f"{_CARD}.partial"
    partial.write_text(card, "utf-8")
    partial.replace(model.folder / _CARD)
    print(f"{model.folder / _CARD}: {len(card.splitlines())} lines")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
