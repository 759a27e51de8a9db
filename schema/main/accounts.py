"""Accounts in the main API: one's sessions, one's keys, one's entry in a roster."""

from datetime import datetime
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.accounts import actions, models, queries, second_factor
from backend.core.personal import mask
from schema.main.base import (
    Connection,
    InputError,
    Seen,
    actor,
    answer,
    chosen,
    reread,
    viewer,
)
from schema.main.filters import updated_since
from schema.main.idempotency import once


@strawberry.type(description="A place where the caller is signed in: a browser or an app.")
class SignInSession:
    id: strawberry.ID
    device: str = strawberry.field(description="Chrome · Windows, 微信 · Android, …")
    ip: str = strawberry.field(description="From where the sign-in came.")
    started_at: datetime
    is_current: bool = strawberry.field(description="The one that asks.")


@strawberry_django.filter_type(models.ApiKey)
class ApiKeyFilter:
    """Filters of keys."""

    updated_since = updated_since()


@strawberry_django.order_type(models.ApiKey)
class ApiKeyOrder:
    """Orders of keys."""

    expires_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.ApiKey,
    filters=ApiKeyFilter,
    ordering=ApiKeyOrder,
    description="接口密钥: lets a program act for its owner. The secret is not here.",
)
class ApiKey(Seen, relay.Node):
    id: relay.NodeID[int]
    name: str
    prefix: str = strawberry_django.field(description="By which people tell keys apart.")
    scopes: list[str] = strawberry_django.field(description="Actions, as in docs/roles.md.")
    expires_at: datetime
    revoked_at: datetime | None
    updated_at: datetime

    @strawberry_django.field(
        description="To a quarter of an hour; null if never.", select_related=["use"]
    )
    def last_used_at(self) -> datetime | None:
        use = getattr(self, "use", None)
        return use.last_used_at if use is not None else None


@strawberry.type
class AccountsQuery:
    @strawberry.field(description="Where the caller is signed in, newest first. Not for API keys.")
    def my_sessions(self, info: Info) -> list[SignInSession]:
        actions.in_person(actor(info))
        request = info.context.request
        return [
            SignInSession(
                id=strawberry.ID(str(session.pk)),
                device=queries.device_of(session.user_agent),
                ip=session.ip,
                started_at=session.created_at,
                is_current=session.session_key == request.session.session_key,
            )
            for session in queries.sessions_of(viewer(info))
        ]

    my_api_keys: Connection[ApiKey] = strawberry_django.connection(
        description="The caller's API keys; an administrator of the installation sees all."
    )


@strawberry.input(description="One device to sign out.")
class RevokeSessionInput:
    session_id: strawberry.ID


@strawberry.input(description="Every device but the one that asks.")
class RevokeOtherSessionsInput:
    reason: str = strawberry.field(default="", description="For the history.")


@strawberry.type
class SessionsEnded:
    ended: int = strawberry.field(default=0, description="How many were signed out.")
    errors: list[InputError] = strawberry.field(default_factory=list)


@strawberry.input(description="A new API key.")
class CreateApiKeyInput:
    name: str = strawberry.field(description="Which program uses it.")
    scopes: list[str] = strawberry.field(description="Actions, as in docs/roles.md.")
    expires_at: datetime = strawberry.field(description="Within a year.")
    idempotency_key: str = strawberry.field(
        description="The same key twice answers the first result, without its token."
    )


@strawberry.type
class ApiKeyCreated:
    api_key: ApiKey | None = None
    token: str | None = strawberry.field(
        default=None, description="llk_<prefix>_<secret>: shown this once and never again."
    )
    errors: list[InputError] = strawberry.field(default_factory=list)


@strawberry.input(description="The key to end.")
class RevokeApiKeyInput:
    api_key_id: relay.GlobalID


@strawberry.type
class ApiKeyRevoked:
    api_key: ApiKey | None = None
    errors: list[InputError] = strawberry.field(default_factory=list)


@strawberry.input(description="Who the caller says to be.")
class ClaimResidentInput:
    community: str = strawberry.field(description="Its code.")
    name: str = strawberry.field(description="As in the roster.")


@strawberry.type(description="The caller's own entry in a roster.")
class OwnEntry:
    community: str = strawberry.field(description="The code of the community.")
    name: str = strawberry.field(description="Masked: 张*")


@strawberry.type
class ResidentClaimed:
    resident: OwnEntry | None = None
    errors: list[InputError] = strawberry.field(default_factory=list)


@strawberry.type
class AccountsMutation:
    @strawberry.mutation(description="Signs one of the caller's devices out.")
    def revoke_session(self, info: Info, input: RevokeSessionInput) -> SessionsEnded:
        def do() -> dict[str, Any]:
            by = actor(info)
            actions.in_person(by)
            # What is not the caller's, or over already, is nothing to end.
            mine = [s for s in queries.sessions_of(viewer(info)) if str(s.pk) == input.session_id]
            for session in mine:
                actions.end_one(session, by=by)
            return {"ended": len(mine)}

        return answer(SessionsEnded, do)

    @strawberry.mutation(description="Signs the caller out everywhere but here.")
    def revoke_other_sessions(self, info: Info, input: RevokeOtherSessionsInput) -> SessionsEnded:
        def do() -> dict[str, Any]:
            here = info.context.request.session.session_key
            return {"ended": actions.end_others(here, by=actor(info), reason=input.reason)}

        return answer(SessionsEnded, do)

    @strawberry.mutation(
        description="A key for a program; where second factors are required, after one."
    )
    def create_api_key(self, info: Info, input: CreateApiKeyInput) -> ApiKeyCreated:
        def do() -> dict[str, Any]:
            by = actor(info)
            actions.in_person(by)
            second_factor.must_be_shown(info.context.request)
            token = None

            def make() -> models.ApiKey:
                nonlocal token
                key, token = actions.create_api_key(
                    input.name, input.scopes, input.expires_at, by=by
                )
                return key

            key = once("createApiKey", input.idempotency_key, by, models.ApiKey, make)
            return {"api_key": reread(key, info, "apiKey"), "token": token}

        return answer(ApiKeyCreated, do)

    @strawberry.mutation(description="Ends a key for good.")
    def revoke_api_key(self, info: Info, input: RevokeApiKeyInput) -> ApiKeyRevoked:
        def do() -> dict[str, Any]:
            key = chosen(models.ApiKey, input.api_key_id, info)
            return {"api_key": reread(actions.revoke_api_key(key, by=actor(info)), info, "apiKey")}

        return answer(ApiKeyRevoked, do)

    @strawberry.mutation(
        description="Ties the account to the caller's entry in a community's roster: the verified phone and the name must agree."
    )
    def claim_resident(self, info: Info, input: ClaimResidentInput) -> ResidentClaimed:
        def do() -> dict[str, Any]:
            by = actor(info)
            actions.count_claim(info.context.request)
            resident = actions.claim_resident(input.community, input.name, by=by)
            entry = OwnEntry(community=resident.community.code, name=mask("name", resident.name))
            return {"resident": entry}

        return answer(ResidentClaimed, do)
