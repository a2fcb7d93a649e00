"""What all tests share: one thread a process, as two share a small machine, no clock, a PostgreSQL."""

import os
from contextlib import closing

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("without a clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("without a clock")

# Read when numpy and torch are imported, which is after this file.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


@pytest.fixture(scope="session")
def postgres():
    """A server, and a database on it with the tables of a store and no row, which new ones are like."""
    from mottling.store.ledger import Ledger  # noqa: PLC0415 # see above
    from mottling.store.migrate import migrate  # noqa: PLC0415
    from mottling.store.postgres import Postgres  # noqa: PLC0415
    from tests.postgres_server import postgres_server  # noqa: PLC0415

    with postgres_server() as server:
        server.empty = server.new_database()
        with closing(Ledger(Postgres(server.url(server.empty)))) as ledger, ledger.writing() as pen:
            migrate(pen.connection)
        yield server


@pytest.fixture
def database(postgres):
    """A database with the tables of a store, and no row in them."""
    name = postgres.new_database(like=postgres.empty)
    yield name
    postgres.drop(name)
