"""Verbs of the installation's administrator on accounts of others: sign out, second factors, closing."""

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.types import Info

from backend.accounts import actions, second_factor
from backend.accounts.first_sign_in import link_for
from backend.core.access import Actor, scope
from backend.core.errors import not_found
from backend.people.models import User
from backend.people.queries import accounts_in
from schema.main.base import InputError, actor, answer, viewer
from schema.main.idempotency import once

_WHOSE = "Username: an account that is somebody in a community of the caller's."
_WHY = "For the history."


@strawberry.type(description="账号: an account of somebody, as its administrator sees it.")
class Account:
    username: str
    active: bool = strawberry.field(description="False: closed, nobody signs in by it.")


@strawberry.type
class AccountAnswer:
    """The account as it now stands, or what was wrong."""

    errors: list[InputError]
    account: Account | None = None
    ended: int | None = strawberry.field(
        default=None, description="How many of its sessions were ended by this."
    )


@strawberry.type
class AccountCreated:
    """The new account, and once the link for its first sign-in; or what was wrong."""

    errors: list[InputError]
    account: Account | None = None
    first_sign_in_link: str | None = strawberry.field(
        default=None,
        description="Opens, once and for 7 days, the page where its owner chooses a password; shown "
        "this once: hand it to the owner alone, and keep it nowhere.",
    )


@strawberry.input
class CreateAccountInput:
    """A new account: whose it is, and how they sign in. Its password is its owner's to choose."""

    username: str = strawberry.field(
        description="3 to 30 small letters and digits, a letter first."
    )
    name: str = strawberry.field(description="Whose it is, as lists show them.")
    on_staff: bool = strawberry.field(
        description="Whether the staff's pages are theirs; what they may do there say their roles."
    )
    idempotency_key: str = strawberry.field(
        description="The same key twice answers the first account, without its link."
    )


@strawberry.input
class SignOutEverywhereInput:
    """An account whose sessions all end: pages and apps alike."""

    username: str = strawberry.field(description=_WHOSE)
    reason: str = strawberry.field(description=_WHY)


@strawberry.input
class TakeSecondFactorsInput:
    """An account whose owner has lost the second factor."""

    username: str = strawberry.field(description=_WHOSE)
    reason: str = strawberry.field(description=_WHY)


@strawberry.input
class CloseAccountInput:
    """An account by which nobody is to sign in any more."""

    username: str = strawberry.field(description=_WHOSE)
    reason: str = strawberry.field(description=_WHY)


@strawberry.input
class ReopenAccountInput:
    """A closed account whose owner may sign in again."""

    username: str = strawberry.field(description=_WHOSE)
    reason: str = strawberry.field(description=_WHY)


@strawberry.type
class AccountVerbsMutation:
    @strawberry.mutation(
        description="A new account, for the installation's administrator in person; where second "
        "factors are required, after one. Roles: `appointRole`."
    )
    def create_account(self, info: Info, input: CreateAccountInput) -> AccountCreated:
        def do() -> dict[str, Any]:
            by = actor(info)
            actions.in_person(by)
            second_factor.must_be_shown(info.context.request)
            link = None

            def make() -> User:
                nonlocal link
                made: User = actions.create_account(
                    input.username, input.name, on_staff=input.on_staff, by=by
                )
                link = link_for(info.context.request, made)
                return made

            known = accounts_in(scope(by.user, "accounts.edit"))
            key = input.idempotency_key
            user = once("createAccount", key, by, User, make, rows=known)
            return {"account": _shown(user), "first_sign_in_link": link}

        return answer(AccountCreated, do)

    @strawberry.mutation(description="Ends every session of an account; the administrator's alone.")
    def sign_out_everywhere(self, info: Info, input: SignOutEverywhereInput) -> AccountAnswer:
        return _on(
            info,
            input.username,
            lambda user, by: actions.sign_out_everywhere(user, by=by, reason=input.reason),
        )

    @strawberry.mutation(
        description="Takes somebody's second factors off and ends their sessions: they set up new "
        "ones. Never one's own (own_account); the administrator's alone."
    )
    def take_second_factors(self, info: Info, input: TakeSecondFactorsInput) -> AccountAnswer:
        return _on(
            info,
            input.username,
            lambda user, by: actions.take_second_factors(user, by=by, reason=input.reason),
            tells=False,
        )

    @strawberry.mutation(
        description="Closes an account: its sessions and its API keys end for good. Never one's own "
        "(own_account); the administrator's alone."
    )
    def close_account(self, info: Info, input: CloseAccountInput) -> AccountAnswer:
        return _on(
            info,
            input.username,
            lambda user, by: actions.close_account(user, by=by, reason=input.reason),
        )

    @strawberry.mutation(
        description="Lets the owner of a closed account in again; keys that ended stay ended."
    )
    def reopen_account(self, info: Info, input: ReopenAccountInput) -> AccountAnswer:
        return _on(
            info,
            input.username,
            lambda user, by: actions.reopen_account(user, by=by, reason=input.reason),
        )


def _on(
    info: Info,
    username: str,
    do: Callable[[Any, Actor], int | None],
    *,
    tells: bool = True,
) -> AccountAnswer:
    """Does something to the account of that name, among those that the caller may see. `tells`:
    what is done says how many sessions ended.
    """

    def carry_out() -> dict[str, Any]:
        by = actor(info)
        known = accounts_in(scope(viewer(info), "accounts.see"))
        user = known.filter(username=username).first()
        if user is None:
            raise not_found("账号")
        ended = do(user, by)
        user.refresh_from_db()
        return {"account": _shown(user), "ended": ended if tells else None}

    return answer(AccountAnswer, carry_out)


def _shown(user: Any) -> Account:
    return Account(username=user.get_username(), active=user.is_active)
