"""Errors say what was wrong and what to do, wherever they were raised."""

import pickle

from mottling import errors


def test_an_error_is_two_sentences():
    error = errors.PhotoRefused("The file is empty", remedy="Take the photograph again")
    assert str(error) == "The file is empty. Take the photograph again."


def test_an_error_of_a_worker_process_arrives_whole():
    for name in errors.__all__:
        error = getattr(errors, name)("What was wrong", remedy="What to do")
        arrived = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
        assert type(arrived) is type(error)
        assert (arrived.message, arrived.remedy) == (error.message, error.remedy)
