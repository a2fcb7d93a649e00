"""What the office downloads by button: each file is one that its own reader opens, and each is recorded."""

import csv
import io
import json
import xml.etree.ElementTree as ET
import zipfile
from datetime import UTC, datetime

import pytest

from mottling.errors import NotAllowed
from mottling.services.office_tables import TABLES
from mottling.services.views import Answer
from mottling.web.doors import door_to
from mottling.web.office_files import FORMATS, office_file
from tests.house import MONA, NINA, OLGA, RAVI, RITA, confirm, open_house, read

AT = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    services = open_house(tmp_path_factory.mktemp("files"))
    confirm(services)
    for reader in (RITA, RAVI):
        read(services, reader, Answer.scored(2))
    yield services
    services.close()


def opened(file) -> object:
    """Open a file by what its name ends in."""
    readers = {
        "csv": lambda data: list(csv.reader(io.StringIO(data.decode()))),
        "json": json.loads,
        "xml": lambda data: list(ET.fromstring(data)),  # noqa: S314 # our own
        "zip": lambda data: zipfile.ZipFile(io.BytesIO(data)).namelist(),
        "html": lambda data: data.decode().index("</html>"),
    }
    return readers[file.name.rpartition(".")[2]](file.data)


@pytest.mark.parametrize("name", [*TABLES, *FORMATS])
def test_each_file_is_opened_and_its_door_is_the_offices(services, name):
    before = len(services.office._store.office.audit())
    file = office_file(services, name, OLGA, language="fr", at=AT)
    assert opened(file)
    assert file.name.startswith(f"mottling-{name}-2026-03-05.")
    added = [one.act for one in services.office._store.office.audit()[before:]]
    assert set(added) == (set() if name == "dictionary" else {"exported"})
    door = door_to("GET", f"/office/files/{name}")
    assert door is not None
    assert door.area == "office"


@pytest.mark.parametrize("name", sorted({*TABLES, *FORMATS} - {"dictionary"}))
@pytest.mark.parametrize("somebody", [NINA, MONA])
def test_nobody_but_the_office_is_given_one(services, name, somebody):
    with pytest.raises(NotAllowed):
        office_file(services, name, somebody, language="en", at=AT)


def test_another_name_has_no_door():
    assert door_to("GET", "/office/files/passwords") is None
    assert door_to("GET", "/office/files/archive.zip") is None
