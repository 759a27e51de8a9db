"""Verbs of the installation's administrator on accounts of others: sign out, second factors, closing."""

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.types import Info

from backend.accounts import actions
from backend.core.access import Actor, scope
from backend.core.errors import not_found
from backend.people.queries import accounts_in
from schema.main.base import InputError, actor, answer, viewer

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
        shown = Account(username=user.get_username(), active=user.is_active)
        return {"account": shown, "ended": ended if tells else None}

    return answer(AccountAnswer, carry_out)
