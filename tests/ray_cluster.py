"""A Ray cluster of two processors of this machine, for the tests that spread work."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mottling.cluster import HERE, cluster

# Looked for and not imported: Ray reads its environment when it is imported, which `cluster` sets before.
needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="Ray is not installed; '.[check]' brings it"
)


@contextmanager
def two_processors() -> Iterator[None]:
    """Open the cluster; whatever opens one inside the block uses it."""
    with cluster(HERE, processors=2):
        yield
