"""A session hash of Gradio's queue belongs to the user who named it first."""

from mottling.web.queues import Queues


def test_the_first_user_has_a_hash_for_good():
    queues = Queues()
    assert queues.belongs("hash", "nina")
    assert queues.belongs("hash", "nina")


def test_another_user_does_not_get_it():
    queues = Queues()
    queues.belongs("hash", "nina")
    assert not queues.belongs("hash", "noah")


def test_another_hash_is_free():
    queues = Queues()
    queues.belongs("hash", "nina")
    assert queues.belongs("another", "noah")
