"""Verbs of coming in."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from backend.accounts import rules
from backend.accounts.keys import new_secret
from backend.accounts.models import ApiKey, ApiKeyUse, SignInPhone
from backend.core import gate
from backend.core.access import Actor, require, scope
from backend.core.errors import RuleViolation, not_allowed, not_found
from backend.core.personal import mask
from backend.core.random_codes import random_code
from backend.core.roles import Role
from backend.messaging.actions import send_secret
from backend.people.choices import PhoneKind
from backend.people.models import CommunityRole, Resident
from backend.people.queries import phone_was_written_at_a_door
from backend.places.models import Community


def _for_oneself(by: Actor) -> Actor:
    """The actor on their own account: no role grants that, and none is needed. Raises: not_allowed."""
    in_person(by)
    return replace(by, system=True)


def in_person(by: Actor) -> None:
    """Raises: not_allowed for a program with an API key: what is somebody's own is not its business."""
    if by.user is None or getattr(by.user, "limited_to", None) is not None:
        raise not_allowed("这项操作要本人登录后进行，接口密钥不能代办。")


# --- accounts --------------------------------------------------------------------------------------


def new_username(kind: str) -> str:
    """A name for an account whose owner chose none; it says nothing about them."""
    return random_code(kind, 12)


def keep_account(username: str, name: str, *, on_staff: bool) -> Any:
    """A new account. Nobody knows a password of it: its owner chooses one, by a link that is used
    once. Raises: username_taken.
    """
    rows = get_user_model().objects.filter(username=username)
    rules.username_is_free(rows.exists())
    user = get_user_model()(
        username=username, first_name=name, password=make_password(None), is_staff=on_staff
    )
    try:
        # Two at once, by one name: the second is refused by the database.
        with transaction.atomic():
            gate.keep_notes([user])
    except IntegrityError:
        rules.username_is_free(taken=True)
    return rows.get()


def create_account(username: str, name: str, *, on_staff: bool, by: Actor) -> Any:
    """A new account of somebody, who is nobody anywhere yet.

    Raises: username_invalid; username_taken; account_nameless; not_allowed, also for a program.
    """
    in_person(by)
    require(by, "accounts.edit", None)
    rules.username_fits(username)
    rules.account_has_its_person(name)
    with gate.change_set("create account", by=by, community_id=None, reason=username):
        return keep_account(username, name.strip(), on_staff=on_staff)


def account_for_phone(phone: str) -> Any:
    """The account that signs in by this phone; a new one, without a password, the first time."""
    with transaction.atomic():
        known = SignInPhone.objects.select_related("user").filter(phone=phone).first()
        if known is not None:
            return known.user
        user = get_user_model()(username=new_username("phone"), password=make_password(None))
        gate.keep_notes([user])
        gate.keep_notes([SignInPhone(user=user, phone=phone)])
        return user


def keep_phone(user: Any, phone: str, *, here: str | None) -> None:
    """Notes that a phone, just verified, is the account's. Raises: phone_taken.

    Where it takes the place of another, that one is told, and every session but the one with the
    key `here` ends: whoever took the account over by a session has no second one.
    """
    if SignInPhone.objects.filter(phone=phone).exclude(user=user).exists():
        raise RuleViolation(
            "phone_taken", "这个手机号已用于另一个账号，请直接用它登录。", field="phone"
        )
    with transaction.atomic():
        before = SignInPhone.objects.filter(user=user).exclude(phone=phone).first()
        gate.note(SignInPhone, {"user": user}, {"phone": phone, "verified_at": timezone.now()})
        if before is not None:
            # To the number itself: what goes to the account goes to the new one from now on.
            with suppress(
                RuleViolation
            ):  # Where no SMS can be sent, the change stands all the same.
                told = {"phone": mask("phone", phone)}
                send_secret("sms", before.phone, "sign_in_phone_changed", told)
            end_sessions(user, besides=here)


def count_claim(request: HttpRequest) -> None:
    """Raises: too_often for who tries one name after the other."""
    if not ratelimit.consume(request, action="claim_resident", user=request.user):
        raise RuleViolation("too_often", "试的次数太多了，请过一小时再试，或到社区服务台办理。")


def claim_resident(community_code: str, name: str, *, by: Actor) -> Resident:
    """Ties the caller's account to their entry in a roster, and makes them its resident.

    Raises: phone_unverified; not_found; resident_unclear, whatever the reason; not_allowed.
    """
    own = _for_oneself(by)
    verified = SignInPhone.objects.filter(user=by.user).first()
    if verified is None:
        raise RuleViolation("phone_unverified", "请先用短信验证码验证您的手机号。")
    community = Community.objects.filter(code=community_code).first()
    if community is None:
        raise not_found("社区")
    with gate.change_set("claim resident", by=by, community_id=community.pk) as changes:
        gate.hold(community)
        # Of the further phones only one's own: the number of somebody's daughter is hers.
        own_further = Q(phones__phone=verified.phone, phones__kind=PhoneKind.OWN)
        known = Q(phone=verified.phone) | own_further
        living = Resident.objects.present().filter(known, community=community)
        fitting = list(living.filter(name=name.strip()).distinct())
        if len(fitting) == 1 and fitting[0].user_id == by.user.pk:
            resident = fitting[0]
        else:
            rules.one_unclaimed_person([person.user_id for person in fitting])
            if Resident.objects.filter(user=by.user).exists():
                raise RuleViolation("resident_unclear", rules.AT_THE_DESK)
            resident = fitting[0]
            if phone_was_written_at_a_door(resident):
                raise RuleViolation("resident_unclear", rules.AT_THE_DESK)
            resident.user = by.user
            gate.save(resident, by=own, within=changes)
        held = CommunityRole.objects.held_by(by.user)
        if not held.filter(role=Role.RESIDENT, community=community).exists():
            role = CommunityRole(
                user=by.user,
                role=Role.RESIDENT,
                community=community,
                valid_from=timezone.localdate(),
            )
            gate.save(role, by=own, within=changes)
    # What the caller may, was read at the beginning of the request.
    vars(by.user).pop("_linli_roles", None)
    return resident


# --- keys for programs -----------------------------------------------------------------------------


def create_api_key(
    name: str, scopes: Sequence[str], expires_at: datetime, *, by: Actor
) -> tuple[ApiKey, str]:
    """A new key of the caller's, and its token, which nobody sees again.

    Raises: key_name_missing; scope_missing; scope_unknown; key_expiry_invalid; not_allowed.
    """
    own = _for_oneself(by)
    if not scope(by.user, ApiKey.action("edit")).anywhere:
        raise not_allowed()
    rules.key_ends_in_time(expires_at, timezone.now())
    fresh = new_secret()
    key = ApiKey(
        name=name.strip(),
        owner=by.user,
        prefix=fresh.prefix,
        digest=fresh.digest,
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    return gate.save(key, by=own), fresh.token


def revoke_api_key(key: ApiKey, *, by: Actor, reason: str = "") -> ApiKey:
    """Ends a key for good; its owner may, and the installation's administrator.

    Raises: key_revoked if it has ended already; not_allowed.
    """
    if by.user is not None and by.user.pk == key.owner_id:
        by = _for_oneself(by)
    if key.revoked_at is not None:
        raise RuleViolation("key_revoked", "这个密钥已经停用。")
    key.revoked_at = timezone.now()
    return gate.save(key, by=by, reason=reason)


def note_use(key: ApiKey) -> None:
    """Notes that a key was used, at most once in a quarter of an hour."""
    if not key.was_used_lately:
        gate.note(ApiKeyUse, {"key": key}, {"last_used_at": timezone.now()})


# --- sessions --------------------------------------------------------------------------------------


def end_sessions(user: Any, *, besides: str | None = None) -> int:
    """Ends the sessions of `user`, but for the one with the key `besides`; answers how many."""
    sessions = UserSession.objects.filter(user_id=user.pk).exclude(session_key=besides or "")
    ended = 0
    for session in sessions:
        session.end()
        ended += 1
    return ended


def end_one(session: UserSession, *, by: Actor) -> None:
    """Ends one session of the caller's own. Raises: not_found; not_allowed."""
    in_person(by)
    if session.user_id != by.user.pk:
        raise not_found("这台设备")
    session.end()


def end_others(here: str | None, *, by: Actor, reason: str = "") -> int:
    """Ends the caller's sessions but the one with the key `here`. Raises: not_allowed."""
    in_person(by)
    with gate.change_set("end other sessions", by=by, community_id=None, reason=reason[:500]):
        return end_sessions(by.user, besides=here)


def sign_out_everywhere(user: Any, *, by: Actor, reason: str) -> int:
    """An administrator ends every session of an account. Raises: reason_required; not_allowed."""
    _administers(by, reason)
    with gate.change_set(
        "sign out everywhere", by=by, community_id=None, reason=_told(user, reason)
    ):
        return end_sessions(user)


def take_second_factors(user: Any, *, by: Actor, reason: str) -> int:
    """Removes the second factors of somebody who lost theirs, and ends their sessions.

    Raises: reason_required; own_account; not_allowed.
    """
    _administers(by, reason)
    rules.account_is_anothers(user.pk, by.user.pk if by.user is not None else None)
    with gate.change_set(
        "reset second factor", by=by, community_id=None, reason=_told(user, reason)
    ):
        taken = gate.drop_notes(Authenticator.objects.filter(user_id=user.pk))
        end_sessions(user)
    return taken


def close_account(user: Any, *, by: Actor, reason: str) -> int:
    """Nobody signs in by the account any more; its sessions and keys end. Answers how many sessions.

    Raises: reason_required; own_account; account_closed; not_allowed.
    """
    _administers(by, reason)
    rules.account_is_anothers(user.pk, by.user.pk if by.user is not None else None)
    with gate.change_set("close account", by=by, community_id=None, reason=_told(user, reason)):
        _open_or_close(user, opened=False)
        ended = end_sessions(user)
        shut_out(user, by=by)
    return ended


def reopen_account(user: Any, *, by: Actor, reason: str) -> None:
    """Its owner may sign in again; keys that ended stay ended.

    Raises: reason_required; account_open; not_allowed.
    """
    _administers(by, reason)
    with gate.change_set("reopen account", by=by, community_id=None, reason=_told(user, reason)):
        _open_or_close(user, opened=True)


def _open_or_close(user: Any, *, opened: bool) -> None:
    rows = get_user_model().objects.filter(pk=user.pk, is_active=not opened)
    rules.account_stands_otherwise(gate.change_notes(rows, is_active=opened), opened=opened)


def shut_out(user: Any, *, by: Actor) -> None:
    """What goes with deactivating an account: its sessions and its keys end for good."""
    end_sessions(user)
    for key in ApiKey.objects.filter(owner_id=user.pk, revoked_at=None):
        revoke_api_key(key, by=by, reason="账号停用")


def _administers(by: Actor, reason: str) -> None:
    require(by, "accounts.edit", None)
    if not reason.strip():
        raise RuleViolation("reason_required", "请写明原因。", field="reason")


def _told(user: Any, reason: str) -> str:
    return f"{user.get_username()}：{reason.strip()}"[:500]
