"""What looks like the treatment arm is known by name and by what cells say; everything else is let in."""

import pytest

from mottling.trial.arm_words import looks_like_arm, says_an_arm


@pytest.mark.parametrize(
    "name",
    ["arm", "Bras", "rand_arm", "ACTARM", "ARMCD", "TRT01P", "Groupe de traitement", "alloc", "Médicament"],
)
def test_a_column_that_speaks_of_the_arm_is_known_by_its_name(name):
    assert looks_like_arm(name)


@pytest.mark.parametrize("name", ["record_id", "date_rando", "charm", "embrasse", "finger_recoloration", ""])
def test_a_column_that_does_not_is_let_in(name):
    assert not looks_like_arm(name)


@pytest.mark.parametrize(
    "cell",
    ["Iloprost", "placebo", "Iloprost 1 ng/kg/min", "Bras B", "ARM 1", "Groupe : A", "traitement 2"],
)
def test_a_cell_that_is_an_arm_is_known_by_what_it_says(cell):
    assert says_an_arm(cell)


@pytest.mark.parametrize("cell", ["", "A", "3", "Sepsis", "arm pain", "Streptocoque du groupe A", "01"])
def test_a_cell_that_says_something_else_is_let_in(cell):
    assert not says_an_arm(cell)
