"""Wires the pages that admins keep models and users on."""

from collections.abc import Callable

from fastapi import APIRouter, Request

from assistant.models.model_files import ModelFiles
from ui.accounts.access import Access
from ui.accounts.account_file import AccountFile
from ui.accounts.passwords import Passwords
from ui.accounts.person import LOCAL_PERSON, Person
from ui.chat.conversations import Conversations
from ui.model_supply import model_files
from ui.models.model_actions import ModelActions, ModelParts
from ui.models.model_jobs import ModelJobs
from ui.models.model_routes import model_routes
from ui.record.record import Record
from ui.settings.in_force import load_settings
from ui.users.user_actions import UserActions, UserParts
from ui.users.user_changes import UserChanges
from ui.users.user_routes import user_routes
from ui.workshop import Workshop


def admin_routes(
    workshop: Workshop,
    access: Access,
    conversations: Conversations,
    record: Record,
    *,
    passwords: Passwords,
    person: Callable[[Request], Person] = lambda _: LOCAL_PERSON,
    files: Callable[[], ModelFiles] | None = None,
) -> APIRouter:
    """The routes of both pages; what a person does is recorded under their name.

    `files` makes the model files anew, from the sources that the settings name by default.
    """
    make_files = files or (lambda: _fresh_files(workshop))
    jobs = ModelJobs(make_files)

    def embedder() -> str:
        # To ask the library itself would wait for it to be opened.
        library = workshop.opened
        return library.embedder.id if library else workshop.settings.embedder

    def record_of(who: Person) -> Record:
        return record.of_account(who.name) if who.name else record

    def models_of(who: Person) -> ModelActions:
        return ModelActions(
            ModelParts(
                home=workshop.home,
                catalogue=workshop.catalogue,
                files=make_files,
                jobs=jobs,
                record=record_of(who),
                writer=lambda: workshop.settings.model,
                embedder=embedder,
                log_file=workshop.home.log_file,
            )
        )

    def users_of(who: Person) -> UserActions:
        accounts = access.accounts.file if access.accounts else AccountFile(workshop.home.accounts)
        changes = UserChanges(accounts, conversations, record_of(who), via="page")
        return UserActions(UserParts(access, changes, passwords, workshop.home.log_file, who))

    routes = APIRouter()
    routes.include_router(model_routes(models_of(LOCAL_PERSON), of=models_of, person=person))
    routes.include_router(user_routes(users_of, person=person))
    return routes


def _fresh_files(workshop: Workshop) -> ModelFiles:
    """The model files as the settings say now: which sources there are may have changed since the start."""
    return model_files(workshop.home, load_settings(workshop.home.settings_file), workshop.catalogue)
