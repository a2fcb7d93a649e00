"""Tokens in the store: a name once, what was revoked stays so, and an older store takes them."""

from contextlib import closing

import pytest

from mottling.errors import Conflict, RecordRefused
from mottling.store import migrate
from mottling.store.ledger import Ledger
from mottling.store.sqlite_file import SqliteFile
from mottling.store.store import Store
from mottling.trial.programs import Scope, scopes_in, scopes_text
from tests.store.acts import SHA, add_user, revoked, token

OTHER = "b" * 64


def test_a_token_is_found_by_its_hash_only(store):
    store.tokens.add(token())
    assert store.tokens.find(SHA).given == token()
    assert store.tokens.find(OTHER) is None


def test_a_name_is_given_once_also_after_it_was_revoked(store):
    store.tokens.add(token())
    store.tokens.revoke(revoked())
    with pytest.raises(Conflict, match="is taken, and stays so"):
        store.tokens.add(token(token_hash=OTHER))


def test_what_was_revoked_says_why_and_cannot_be_revoked_again(store):
    store.tokens.add(token())
    store.tokens.revoke(revoked())
    assert store.tokens.find(SHA).revoked.because == "The program is no more"
    with pytest.raises(Conflict, match="revoked already"):
        store.tokens.revoke(revoked())


def test_nobody_revokes_a_token_that_was_never_given(store):
    with pytest.raises(RecordRefused, match="There is no token 'icu'"):
        store.tokens.revoke(revoked())


def test_tokens_are_listed_by_name_with_what_became_of_them(store):
    store.tokens.add(token("registry", token_hash=OTHER))
    store.tokens.add(token("icu"))
    store.tokens.revoke(revoked("icu"))
    assert [(one.given.name, one.revoked is None) for one in store.tokens.all()] == [
        ("icu", False),
        ("registry", True),
    ]


def test_scopes_come_back_as_they_went_in_whatever_their_order():
    for scopes in ({Scope.STATUS}, set(Scope), {Scope.STATUS, Scope.PHOTOS}):
        assert scopes_in(scopes_text(frozenset(scopes))) == scopes


def test_a_store_from_before_there_were_tokens_takes_them(tmp_path):
    with closing(Ledger(SqliteFile(tmp_path / "mottling.sqlite"))) as ledger, ledger.writing() as pen:
        migrate.migrate(pen.connection, to="0013")
    with Store.open(tmp_path) as opened:
        add_user(opened)
        opened.tokens.add(token())
        opened.tokens.revoke(revoked())
        assert opened.tokens.find(SHA).revoked is not None
        assert opened.verify().clean
