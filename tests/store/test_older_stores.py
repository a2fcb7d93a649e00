"""A store that an older version wrote is brought up to date, and everything in it stays what was written."""

from contextlib import closing

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect

from mottling.store import migrate
from mottling.store.chain import BEFORE_THE_FIRST, Link, content_hash
from mottling.store.ledger import Ledger
from mottling.store.schema import KINDS
from mottling.store.sqlite_file import SqliteFile
from mottling.store.store import Store
from mottling.trial.access import Role
from mottling.trial.records import Answer, PasswordSet, UserAdded
from mottling.trial.session_records import SessionUsed
from tests.store.acts import (
    NOW,
    SHA,
    ask_a_site,
    choose_pin,
    mark,
    read,
    read_again,
    session,
    take,
)
from tests.store.model_acts import consent, release_by_two, score_silently

WRITTEN_BY_THE_FIRST = """
INSERT INTO audit VALUES (1, '2026-03-02T08:00:00.000000+00:00', 'olga', 'patient_enrolled', '01-001',
  '{content}', '{before}', '{link}');
INSERT INTO patients VALUES (1, 'olga', '2026-03-02T08:00:00.000000+00:00', '01-001', '01',
  '2026-03-02T08:00:00.000000+00:00')
"""


def sign_in_as(folder, revision: str) -> None:
    """Let somebody sign in with the version of this schema."""
    with closing(Ledger(SqliteFile(folder / "mottling.sqlite"))) as ledger, ledger.writing() as pen:
        migrate.migrate(pen.connection, to=revision)
        pen.add(UserAdded(name="nina", role=Role.WARD, site="01", by="root", at=NOW))
        pen.add(PasswordSet(name="nina", password_hash="$argon2id$first", by="root", at=NOW))
        pen.add(session())


def write_as(folder, revision: str) -> None:
    """Make a store as the version with this schema made it, with one patient."""
    at = "2026-03-02T08:00:00.000000+00:00"
    row = {"by": "olga", "at": at, "patient": "01-001", "site": "01", "randomised_at": at}
    link = Link(1, at, "olga", "patient_enrolled", "01-001", content_hash(row), BEFORE_THE_FIRST)
    engine = create_engine(f"sqlite:///{folder / 'mottling.sqlite'}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(migrate._FOLDER))
        command.upgrade(config, revision)
        text = WRITTEN_BY_THE_FIRST.format(
            content=link.content_hash, before=link.previous_hash, link=link.hash()
        )
        for statement in text.split(";"):
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_store_of_the_first_version_keeps_its_patient_and_takes_new_records(tmp_path):
    write_as(tmp_path, "0001")
    with closing(Store.open(tmp_path)) as store:
        assert [one.patient for one in store.ward.patients()] == ["01-001"]
        assert store.ward.initials() == {}
        assert store.verify().clean
        with store._ledger.reading() as page:
            assert migrate.version_of(page.connection) == migrate.HEAD
            assert inspect(page.connection).has_table("initials")


def test_who_was_signed_in_stays_so_and_can_choose_a_pin(tmp_path):
    sign_in_as(tmp_path, "0006")
    with closing(Store.open(tmp_path)) as store:
        opened = store.users.open_session_of(SHA, at=NOW)
        assert opened.used_at == NOW
        choose_pin(store)
        assert store.users.pins.standing("nina", SHA).until == opened.session.expires_at
        assert store.verify().clean


def test_when_a_session_was_used_is_found_without_reading_every_note(tmp_path):
    sign_in_as(tmp_path, "0006")
    with closing(Store.open(tmp_path)) as store, store._ledger.reading() as page:
        indexed = inspect(page.connection).get_indexes(KINDS[SessionUsed].table.name)
        assert [one["column_names"] for one in indexed] == [["token_hash"]]


def test_a_store_from_before_knows_no_consent_and_takes_all_that_is_recorded_of_models(tmp_path):
    write_as(tmp_path, "0016")
    with closing(Store.open(tmp_path)) as store:
        release_by_two(store)
        score_silently(store, take(store).photo_id)
        assert store.consents.last() == {}
        consent(store)
        assert store.models.proposal() is None
        assert store.verify().clean


def test_a_store_from_before_borders_were_marked_keeps_them_now(tmp_path):
    write_as(tmp_path, "0011")
    with closing(Store.open(tmp_path)) as store:
        photo_id = take(store).photo_id
        read(store, "rita", Answer.scored(3), photo_id=photo_id)
        read_again(store, "rita", Answer.scored(2), photo_id=photo_id)
        mark(store, "rita", Answer.scored(3))
        (again,) = store.committee.batch("rita")
        assert store.committee.outline(again.reading.reading_id).width_px == 9
        assert store.verify().clean


def test_a_store_from_before_queries_asks_its_sites_now(tmp_path):
    write_as(tmp_path, "0015")
    with closing(Store.open(tmp_path)) as store:
        assert store.queries.all() == ()
        ask_a_site(store)
        assert [query.state.value for query in store.queries.all()] == ["closed"]
        assert store.verify().clean
