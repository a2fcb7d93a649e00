"""What differs between two tables, as their text says it."""

from mottling.exports.outcome_changes import Change, Part, changes_between

HEADER = "site,patient,value,bound,missing,detail,photo_sha256,record_id,model\r\n"


def test_equal_tables_have_no_change():
    table = HEADER + "01,01-001,3,exact,,,a,r,m\r\n"
    assert changes_between(table, table) == ()


def test_a_change_says_which_parts_of_the_line_differ():
    before = HEADER + "01,01-001,,,in_dispute,,a,,m\r\n"
    after = HEADER + "01,01-001,3,at_least,,,a,r,n\r\n"
    assert changes_between(before, after) == (
        Change("01-001", "in_dispute", "3+", (Part.OUTCOME, Part.ANSWER, Part.MODEL)),
    )


def test_a_new_patient_was_not_there_before():
    (change,) = changes_between(HEADER, HEADER + "01,01-001,,,died,died,,,\r\n")
    assert (change.before, change.after) == (None, "died (died)")
    assert Part.ENROLMENT in change.parts
