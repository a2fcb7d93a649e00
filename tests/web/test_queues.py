"""A session hash of Gradio's queue belongs to the session that named it first."""

from mottling.web.queues import Queues


def test_the_first_session_has_a_hash_for_good():
    queues = Queues()
    assert queues.belongs("hash", "token a")
    assert queues.belongs("hash", "token a")


def test_another_session_does_not_get_it():
    queues = Queues()
    queues.belongs("hash", "token a")
    assert not queues.belongs("hash", "token b")


def test_another_hash_is_free():
    queues = Queues()
    queues.belongs("hash", "token a")
    assert queues.belongs("another", "token b")
