"""The administrator's page: who may come in, as what, and each account. No patient, no score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import gradio as gr
from pydantic import Field

from mottling.services.accounts import User
from mottling.services.administration import Administration, InvitationLink, UserLine, UserState
from mottling.services.opening import Services
from mottling.trial.access import Role, belongs_to_a_site
from mottling.web.areas import Area
from mottling.web.forms import Empty, Form
from mottling.web.markup import render
from mottling.web.parts import Deed, Shown, live_page
from mottling.web.trial_words import Choice, TrialWords
from mottling.web.words import Words

__all__ = ["build"]


class _Which(Form):
    """Which accounts are looked at."""

    state: UserState | None = None


class _Name(Form):
    """One account."""

    name: Annotated[str, Field(min_length=1, max_length=60)]


class _Invited(Form):
    """Who is invited."""

    name: Annotated[str, Field(max_length=200)]
    role: Role
    site: Annotated[str, Field(max_length=60)] = ""

    def user(self) -> User:
        """Give the user that is meant; a site that was left chosen means nothing to who works for all."""
        has_site = belongs_to_a_site(self.role) and self.site
        return User(self.name.strip(), self.role, self.site if has_site else None)


@dataclass(frozen=True)
class _Row:
    """One account, in the words of the page."""

    line: UserLine
    role: str
    site: str
    last_in: str
    link_until: str


def build(services: Services, words: Words) -> gr.Blocks:
    """Make the administrator's page in one language."""
    page = _AccountsPage(services.administration, TrialWords(services.charter, words))
    deeds: list[Deed[Any]] = [
        Deed("accounts", _Which, page.accounts),
        Deed("account", _Name, page.account),
        Deed("invite_form", Empty, page.invite_form),
        Deed("invite", _Invited, page.invite),
        Deed("link", _Name, page.link),
        Deed("lock", _Name, page.lock),
        Deed("unlock", _Name, page.unlock),
        Deed("sign_out", _Name, page.sign_out),
        Deed("withdraw_form", _Name, page.withdraw_form),
        Deed("withdraw", _Name, page.withdraw),
    ]
    return live_page(Area.ACCOUNTS, words, show=page.show, deeds=deeds)


@dataclass(frozen=True)
class _AccountsPage:
    administration: Administration
    trial_words: TrialWords

    def show(self, user: User, at: datetime) -> Shown:
        """Show everybody."""
        return self.accounts(user, _Which(), at)

    def accounts(self, user: User, form: _Which, at: datetime) -> Shown:
        """List accounts, all or those of one state."""
        lines = self.administration.people(user, at=at)
        counts = Counter(line.state for line in lines)
        values = {
            "rows": self._rows([one for one in lines if form.state in (None, one.state)], at),
            "chosen": form.state,
            "counts": [(state, counts[state]) for state in UserState if counts[state]],
            "all": len(lines),
        }
        return self._shown("accounts_list.html", values)

    def account(self, user: User, form: _Name, at: datetime) -> Shown:
        """Show one account and what can be done with it."""
        return self._account(user, form.name, at)

    def invite_form(self, _user: User, _: Empty, _at: datetime) -> Shown:
        """Ask whom to invite."""
        words, charter = self.trial_words.words, self.trial_words.charter
        values = {
            "roles": [Choice(role.value, words.say(f"role.{role}")) for role in Role],
            "sites": [Choice(site.code, site.name) for site in charter.sites],
        }
        return self._shown("accounts_invite.html", values)

    def invite(self, user: User, form: _Invited, at: datetime) -> Shown:
        """Invite somebody, and show the link this once."""
        return self._linked(user, self.administration.invite(user, form.user(), at=at), at)

    def link(self, user: User, form: _Name, at: datetime) -> Shown:
        """Give another link, and show it this once."""
        return self._linked(user, self.administration.link(user, form.name, at=at), at)

    def lock(self, user: User, form: _Name, at: datetime) -> Shown:
        """Let somebody in no more until unlocked."""
        self.administration.lock(user, form.name, at=at)
        return self._done(user, form.name, "locked", at)

    def unlock(self, user: User, form: _Name, at: datetime) -> Shown:
        """Let somebody in again."""
        self.administration.unlock(user, form.name, at=at)
        return self._done(user, form.name, "unlocked", at)

    def sign_out(self, user: User, form: _Name, at: datetime) -> Shown:
        """End every session of somebody."""
        self.administration.sign_out_everywhere(user, form.name, at=at)
        return self._done(user, form.name, "signed_out", at)

    def withdraw_form(self, user: User, form: _Name, at: datetime) -> Shown:
        """Ask whether the role shall really be withdrawn."""
        return self._account(user, form.name, at, is_asked=True)

    def withdraw(self, user: User, form: _Name, at: datetime) -> Shown:
        """Take the role from somebody, for good."""
        self.administration.withdraw(user, form.name, at=at)
        return self._done(user, form.name, "withdrawn", at)

    def _linked(self, user: User, link: InvitationLink, at: datetime) -> Shown:
        return self._account(user, link.name, at, link=link)

    def _done(self, user: User, name: str, what: str, at: datetime) -> Shown:
        notice = self.trial_words.words.say(f"accounts.done.{what}", {"name": name})
        return Shown(self._account(user, name, at).body, notice=notice)

    def _account(
        self,
        user: User,
        name: str,
        at: datetime,
        *,
        link: InvitationLink | None = None,
        is_asked: bool = False,
    ) -> Shown:
        (row,) = self._rows([self.administration.person(user, name, at=at)], at)
        values = {"row": row, "is_own": user.name == name, "link": link, "is_asked": is_asked}
        return self._shown("accounts_one.html", values)

    def _rows(self, lines: Sequence[UserLine], at: datetime) -> list[_Row]:
        clock, words = self.trial_words.clock(None, at=at), self.trial_words.words
        return [
            _Row(
                line=line,
                role=words.say(f"role.{line.role}"),
                site="" if line.site is None else self.trial_words.site(line.site),
                last_in="" if line.last_in is None else clock.moment(line.last_in),
                link_until="" if line.link_until is None else clock.moment(line.link_until),
            )
            for line in lines
        ]

    def _shown(self, template: str, values: Mapping[str, object]) -> Shown:
        return Shown(render(template, self.trial_words.words, values))
