"""Opens what a server or a command needs, and hands out the services over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mottling.registry import Registry
from mottling.services.accounts import Accounts
from mottling.services.administration import Administration
from mottling.services.agreement import Agreement
from mottling.services.archive import Archive, ArchiveRooms
from mottling.services.changes import Changing
from mottling.services.committee import Committee, CommitteeRooms
from mottling.services.consents import Consents
from mottling.services.coordination import Coordination
from mottling.services.darkroom import Darkroom
from mottling.services.dicom import DicomExport
from mottling.services.drift import Drift
from mottling.services.enrolling import Enrolling
from mottling.services.first_to_train import FirstToTrain
from mottling.services.interface import Interface
from mottling.services.invitations import Invitations
from mottling.services.monitoring import Monitoring
from mottling.services.office import Office, OfficeRooms
from mottling.services.passwords import Passwords
from mottling.services.programs import Programs
from mottling.services.proposals import Proposals
from mottling.services.pseudonyms import Pseudonyms
from mottling.services.queries import Queries
from mottling.services.readout import Readout
from mottling.services.release import Release
from mottling.services.results import Results
from mottling.services.scorer import Scorer
from mottling.services.shadow import Shadow
from mottling.services.sheets import Sheets
from mottling.services.tablets import Tablets
from mottling.services.training_cases import TrainingCases, cases_named_in
from mottling.services.ward import Ward, WardRooms
from mottling.services.watch import Watch
from mottling.settings import Settings
from mottling.store.store import Store
from mottling.trial.charter import Charter, CharterFile, read_charter
from mottling.trial.office_records import TrialFile
from mottling.trial.outcome_rules import OfErased

__all__ = ["Services", "open_services"]


@dataclass(frozen=True)
class Services:
    """One service a user."""

    accounts: Accounts
    invitations: Invitations
    programs: Programs
    interface: Interface
    administration: Administration
    readout: Readout
    coordination: Coordination
    monitoring: Monitoring
    agreement: Agreement
    ward: Ward
    committee: Committee
    office: Office
    enrolling: Enrolling
    sheets: Sheets
    queries: Queries
    consents: Consents
    changing: Changing
    first_to_train: FirstToTrain
    results: Results
    archive: Archive
    dicom: DicomExport
    release: Release
    proposals: Proposals
    shadow: Shadow
    drift: Drift
    watch: Watch
    charter: Charter
    """The trial file, for what pages call its visits and reasons, and for the clocks of its sites."""
    close: Callable[[], None] = lambda: None
    """Lets go of the store: `with contextlib.closing(services)`."""


def open_services(
    settings: Settings, *, at: datetime, serving: bool = False, must_exist: bool = False
) -> Services:
    """Open the store, the trial file and the model in use.

    Args:
        settings: Where everything lies.
        at: Now; the trial file is recorded when it is a new one.
        serving: Whether this is a server: only one may serve a folder whose records are in a file.
        must_exist: Whether a data folder without records is refused.

    Raises:
        SettingsRefused: The trial file is not understood, or names a training case that there is not.
        StoreRefused: The store cannot be opened, or belongs to another trial.
        ModelRefused: It is the server, and the model in use is unknown or altered.
    """
    trial = read_charter(settings.trial)
    registry = Registry(settings.models, keys=frozenset(settings.release_keys))
    scorer = Scorer(registry, language=trial.charter.languages[0])
    if serving:
        # A command that never scores does not wait for a model.
        scorer.ready()
    store = Store.open(
        settings.data,
        serving=serving,
        must_exist=must_exist,
        photos=settings.photos,
        records=settings.records,
    )
    try:
        _use(store, trial, at=at)
        services = _services(settings, store, trial, scorer)
    except BaseException:
        store.close()
        raise
    if serving:
        # What a challenger had not seen when the server stopped.
        services.shadow.follow(at=at)
    return services


def _use(store: Store, trial: CharterFile, *, at: datetime) -> None:
    store.ward.use_trial_file(
        TrialFile(by="server", at=at, trial=trial.charter.trial, sha256=trial.sha256, text=trial.text)
    )
    if trial.charter.outcome.scores_of_erased is OfErased.LEFT_OUT:
        store.leave_out_erased()


def _services(settings: Settings, store: Store, trial: CharterFile, scorer: Scorer) -> Services:
    charter = trial.charter
    registry = Registry(settings.models, keys=frozenset(settings.release_keys), vouch=store.head_key.vouch)
    consents = Consents(store, charter.models.consent)
    proposals = Proposals(registry, store.models, charter.models)
    darkroom = Darkroom()
    shadow = Shadow(store, registry, darkroom)
    rules = charter.reading.training
    cases = cases_named_in(rules)
    accounts = Accounts(store.users, charter, settings.sign_in, turn=store.sign_in_turn.taken)
    invitations = Invitations(store.invitations, accounts, Passwords(), settings.sign_in)
    readout = Readout(store, charter, accounts)
    committee = Committee(
        CommitteeRooms(store, charter, darkroom, accounts, TrainingCases(store.committee, rules, cases))
    )
    ward = Ward(WardRooms(store.ward, charter, darkroom, scorer, Tablets(settings.data), shadow))
    coordination = Coordination(store, charter, committee, readout)
    desk = OfficeRooms(store, charter, darkroom, Pseudonyms(settings.data), consents)
    office = Office(desk)
    results, agreement = Results(store, trial), Agreement(store, charter)
    return Services(
        accounts=accounts,
        invitations=invitations,
        programs=Programs(store.tokens, charter),
        interface=Interface(store, charter, ward),
        administration=Administration(store.users, invitations, settings.sign_in),
        readout=readout,
        coordination=coordination,
        monitoring=Monitoring(store, charter, coordination=coordination, consents=consents),
        agreement=agreement,
        ward=ward,
        committee=committee,
        office=office,
        enrolling=Enrolling(store, charter),
        sheets=Sheets(store, charter, darkroom),
        consents=consents,
        changing=Changing(store, charter),
        first_to_train=FirstToTrain(desk),
        queries=Queries(store, charter),
        results=results,
        archive=Archive(ArchiveRooms(store, charter, office, results, agreement, registry)),
        dicom=DicomExport(store, charter, darkroom),
        release=Release(registry, store, proposals),
        proposals=proposals,
        shadow=shadow,
        drift=Drift(store, registry),
        watch=Watch(store, settings.data),
        charter=charter,
        close=lambda: _close(shadow, store),
    )


def _close(shadow: Shadow, store: Store) -> None:
    shadow.close()
    store.close()
