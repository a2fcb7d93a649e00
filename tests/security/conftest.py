"""One web app for the tests that leave no trace in it."""

from collections.abc import Iterator

import pytest

from tests.web_house import WebHouse, web_house


@pytest.fixture(scope="session")
def web(tmp_path_factory) -> Iterator[WebHouse]:
    """A server with three patients."""
    with web_house(tmp_path_factory.mktemp("web")) as made:
        yield made
