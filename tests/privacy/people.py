"""One person with traces everywhere that the system puts them, and neighbours beside her."""

import datetime
import uuid
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessLog
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django_tasks_db.models import DBTaskResult

from backend.accounts.models import SignInPhone
from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import IdempotencyKey
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports import actions as imports
from backend.imports.models import ImportBatch
from backend.imports.sheet import sheet_of
from backend.messaging.models import Delivery, InboxMessage
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Community

NAME, FORMER = "欧阳若兰", "欧阳小兰"
PHONE, FORMER_PHONE = "13812340987", "13755556666"
# How many signed in at the event whose time is over.
OLD_PEOPLE = 12
VALUES = [NAME, FORMER, PHONE, FORMER_PHONE]
SHEET = f"姓名,联系电话,备注\n{NAME},{PHONE},\n张安然,13900000001,{NAME}的邻居\n"


@dataclass
class World:
    """Who and what there is."""

    community: Community
    event: LegalEducationEvent
    person: Resident
    neighbour: Resident
    account: User
    batch: ImportBatch
    planned: ImportBatch


def upload(event: LegalEducationEvent, name: str, text: str = SHEET) -> ImportBatch:
    """A sign-in sheet, uploaded and planned."""
    given = imports.Upload(ContentFile(text.encode()), name, len(text.encode()))
    batch = imports.receive(
        given,
        sheet_of("attendance"),
        community=event.community,
        by=SYSTEM,
        target_code=event.code,
    )
    return imports.plan_batch(batch, by=SYSTEM)


def everywhere(event: LegalEducationEvent, second: LegalEducationEvent) -> World:
    """The person under a former name and phone, then as she is called now; imported, signed in,
    spoken of in logs, sessions, jobs and in other people's rows."""
    community = event.community
    person = gate.save(
        Resident(community=community, name=FORMER, phone=FORMER_PHONE, room="502"), by=SYSTEM
    )
    person.name, person.phone, person.remark = NAME, PHONE, f"{NAME}独居"
    person = gate.save(person, by=SYSTEM)
    neighbour = gate.save(
        Resident(community=community, name="张安然", phone="13900000001"), by=SYSTEM
    )
    account = User.objects.create_user("lan", password="x", first_name=NAME, email=f"{PHONE}@q.cn")
    gate.save(
        CommunityRole(
            user=account,
            role="resident",
            community=community,
            valid_from=datetime.date(2025, 1, 1),
        ),
        by=SYSTEM,
    )
    person.user = account
    person = gate.save(person, by=SYSTEM)
    batch = imports.confirm_import(
        upload(event, f"签到-{NAME}{PHONE}.csv"), by=SYSTEM, take_good=True
    )
    planned = upload(second, "another.csv")
    row = gate.save(
        Attendance(community=community, event=second, resident=person, name=NAME, remark=PHONE),
        by=SYSTEM,
    )
    gate.delete(row, by=SYSTEM, reason=f"{NAME}没有来")
    gate.save(
        Attendance(
            community=community,
            event=second,
            resident=neighbour,
            name="张安然",
            remark=f"代{PHONE}签",
        ),
        by=SYSTEM,
    )
    _in_logs(account)
    _in_messages(person, account)
    _in_sign_in(account)
    return World(community, event, person, neighbour, account, batch, planned)


def _in_logs(account: User) -> None:
    LogEntry.objects.create(
        user=account,
        content_type=ContentType.objects.get_for_model(Resident),
        object_id="1",
        object_repr=f"{NAME} {PHONE}",
        action_flag=CHANGE,
        change_message=f'[{{"changed": {{"name": "{NAME}"}}}}]',
    )
    session: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session["draft"] = {"phone": PHONE, "name": NAME}
    session.create()
    IdempotencyKey.objects.create(user=account, verb="v", key=f"{PHONE}-1", object_id=1)
    DBTaskResult.objects.create(
        args_kwargs={"args": [NAME, PHONE], "kwargs": {}},
        task_path="backend.imports.tasks.plan_in_background",
        worker_ids=[],
        queue_name="default",
        backend_name="default",
        traceback=f"ValueError: {NAME} {PHONE}",
    )


def _in_messages(person: Resident, account: User) -> None:
    told = {"template": "t", "title": f"{NAME}您好", "told_in": uuid.uuid4()}
    InboxMessage.objects.create(
        user=account,
        community_id=person.community_id,
        body=f"请{NAME}带好证件",
        once_key="a",
        **told,
    )
    for key, whom in (("b", {"resident": person}), ("c", {"user": account})):
        Delivery.objects.create(
            community_id=person.community_id,
            channel="sms",
            address=PHONE,
            body=f"{NAME}，请来领取",
            values={"name": NAME, "phone": PHONE},
            once_key=key,
            **told,
            **whom,
        )


def _in_sign_in(account: User) -> None:
    EmailAddress.objects.create(user=account, email=f"{PHONE}@q.cn", verified=True, primary=True)
    SocialAccount.objects.create(
        user=account, provider="wechat", uid="openid-1", extra_data={"nickname": NAME}
    )
    SignInPhone.objects.create(user=account, phone=PHONE)
    AccessLog.objects.create(username=account.username, user_agent=NAME, path_info="/")
