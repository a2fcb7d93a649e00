"""The README's figures are those of the model in use, to the last digit."""

from docs.build_figures import README, with_figures


def test_the_readme_holds_the_figures_of_the_model_in_use():
    kept = README.read_text("utf-8")
    assert "<!-- table: begin" in kept
    assert with_figures(kept) == kept, "run `python -m docs.build_figures`, and commit README.md"


def test_a_number_that_was_changed_by_hand_is_found():
    kept = README.read_text("utf-8")
    row = next(line for line in kept.splitlines() if line.startswith("| quadratic kappa"))
    changed = kept.replace(row, row.replace("0.", "1.", 1))
    assert with_figures(changed) == kept != changed
