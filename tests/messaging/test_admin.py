"""The staff pages of messages: one's own inbox, the community's words, the log."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import LegalEducationEvent
from backend.messaging import sending
from backend.messaging.actions import Recipient, tell
from backend.messaging.models import Delivery, InboxMessage, MessageTemplate
from backend.people.models import User
from tests.conftest import user_with_role
from tests.messaging.conftest import PHONE, VALUES

pytestmark = pytest.mark.django_db

# The number beside the sidebar's line.
BADGE = '收件箱</span><span class="nv-badge'
INBOX = "/admin/messaging/inboxmessage/"
TEMPLATES = "/admin/messaging/messagetemplate/"
WORDS = f"{TEMPLATES}words/xinhe/event_promoted/"
LOG = "/admin/messaging/delivery/"
GOOD = {
    "title": "轮到您了：{event_title}",
    "body": "“{event_title}”空出一个名额，{starts_at}请来{place}。",
    "by_sms": "on",
}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, url: str, expected: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == expected, url
    return response.content.decode()


@pytest.fixture
def told(worker: User, event_open: LegalEducationEvent) -> InboxMessage:
    """A message in the worker's inbox."""
    tell(
        [Recipient(user=worker)],
        "event_registered",
        VALUES,
        community=event_open.community,
        once_key="registration 1",
        about=event_open,
    )
    return InboxMessage.objects.get()


# --- the inbox -----------------------------------------------------------------------------------


def test_an_unread_message_shows_in_the_list_and_beside_the_sidebars_entry(worker, told):
    text = page(signed_in(worker), INBOX)
    assert "报名成功：民法典进小区" in text
    assert BADGE in text


def test_opening_a_message_reads_it_and_leads_to_what_it_tells_of(worker, told, event_open):
    client = signed_in(worker)
    text = page(client, f"{INBOX}{told.pk}/change/")
    assert "小马扎剧场" in text
    link = reverse("admin:education_legaleducationevent_change", args=[event_open.pk])
    assert f'href="{link}"' in text
    assert InboxMessage.objects.get().read_at is not None
    after = page(client, INBOX)
    assert BADGE not in after
    assert "没有未读的消息" in page(client, f"{INBOX}?show=unread")


def test_all_are_marked_as_read_by_one_button(worker, told):
    assert signed_in(worker).post(INBOX).status_code == 302
    assert InboxMessage.objects.get().read_at is not None


def test_an_empty_inbox_says_what_will_come(worker):
    assert "还没有消息" in page(signed_in(worker), INBOX)


@pytest.mark.parametrize("who", ["secretary", "other_worker", "admin_user"])
def test_nobody_else_opens_it_not_even_the_administrator(told, request, who):
    client = signed_in(request.getfixturevalue(who))
    assert "报名成功" not in page(client, INBOX)
    page(client, f"{INBOX}{told.pk}/change/", 404)
    client.post(INBOX)
    assert InboxMessage.objects.get().read_at is None


@pytest.mark.parametrize("pk", ["0", "x", "9" * 30, "1/../2"])
def test_an_address_made_up_finds_nothing(worker, told, pk):
    page(signed_in(worker), f"{INBOX}{pk}/change/", 404)


# --- templates -----------------------------------------------------------------------------------


def test_every_declared_kind_is_listed_with_whether_it_was_changed(worker, community):
    text = page(signed_in(worker), TEMPLATES)
    for label in ("报名成功", "进入候补", "候补转正", "活动取消", "活动提醒", "登录验证码"):
        assert label in text
    assert "已改" not in text
    gate.save(
        MessageTemplate(
            community=community, kind="event_promoted", title=GOOD["title"], body=GOOD["body"]
        ),
        by=SYSTEM,
    )
    text = page(signed_in(worker), TEMPLATES)
    assert "已改" in text
    assert GOOD["title"] in text


def test_new_words_are_seen_first_and_hold_once_saved(worker, community, neighbour):
    client = signed_in(worker)
    assert "有名额了：〔活动名称〕" in page(client, WORDS)
    preview = client.post(WORDS, GOOD | {"do": "preview"}).content.decode()
    assert "轮到您了：〔活动名称〕" in preview
    assert not MessageTemplate.objects.exists()
    assert client.post(WORDS, GOOD | {"do": "save"}).status_code == 302
    row = MessageTemplate.objects.get()
    assert (row.by_sms, row.by_email, row.by_wechat) == (True, False, False)
    told = [Recipient(user=neighbour.user)]
    tell(told, "event_promoted", VALUES, community=community, once_key="x")
    assert InboxMessage.objects.get().title == "轮到您了：民法典进小区"
    assert (
        Delivery.objects.get().body == "“民法典进小区”空出一个名额，11月28日 14:00请来小马扎剧场。"
    )


def test_words_of_ones_own_are_reworded_seen_and_tried_again(worker, community):
    client = signed_in(worker)
    client.post(WORDS, GOOD | {"do": "save"})
    again = GOOD | {"title": "快来：{event_title}"}
    assert "快来：〔活动名称〕" in client.post(WORDS, again | {"do": "preview"}).content.decode()
    assert "已试发给您自己" in client.post(WORDS, again | {"do": "try"}).content.decode()
    assert InboxMessage.objects.get().title == "【试发】快来：〔活动名称〕"
    assert MessageTemplate.objects.get().title == GOOD["title"], "nothing is saved by trying"
    assert client.post(WORDS, again | {"do": "save"}).status_code == 302
    assert MessageTemplate.objects.get().title == again["title"]


def test_a_way_that_is_switched_off_is_not_gone(worker, community, neighbour):
    words = {key: value for key, value in GOOD.items() if key != "by_sms"}
    signed_in(worker).post(WORDS, words | {"do": "save"})
    told = [Recipient(user=neighbour.user)]
    assert tell(told, "event_promoted", VALUES, community=community, once_key="x") == 1
    assert not Delivery.objects.exists()


def test_the_default_words_come_back(worker, community):
    client = signed_in(worker)
    client.post(WORDS, GOOD | {"do": "save"})
    client.post(WORDS, {"do": "reset"})
    assert not MessageTemplate.objects.exists()
    assert "有名额了：〔活动名称〕" in page(client, WORDS)


def test_words_are_tried_on_oneself_and_not_saved(worker, community, neighbour):
    response = signed_in(worker).post(WORDS, GOOD | {"do": "try"}, follow=True)
    assert "已试发给您自己：站内信。" in response.content.decode()
    message = InboxMessage.objects.get()
    assert (message.user, message.title) == (worker, "【试发】轮到您了：〔活动名称〕")
    assert not MessageTemplate.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{event_title}，{starts_at}，{salary}", "{salary}"),
        ("{event_title}，{starts_at}，{event_title", "不成对的花括号"),
        ("{event_title}，{starts_at.year}", "{starts_at.year}"),
        ("请按时参加。", "缺少占位符：{event_title}（活动名称）、{starts_at}（开始时间）"),
    ],
)
def test_unknown_and_missing_placeholders_are_refused_with_those_that_there_are(
    worker, community, body, said
):
    for do in ("preview", "save", "try"):
        response = signed_in(worker).post(WORDS, GOOD | {"body": body, "do": do})
        text = response.content.decode()
        assert said in text
        assert "{place}（地点）" in text
    assert not MessageTemplate.objects.exists()
    assert not InboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("who", "seen", "posted"),
    [
        ("worker", 200, 302),
        ("secretary", 200, 302),
        ("admin_user", 200, 302),
        ("other_worker", 404, 404),
        ("steward", 404, 404),
        ("office", 404, 404),
    ],
)
def test_who_may_reword_what_a_community_says(community, subdistrict, request, who, seen, posted):
    client = signed_in(_somebody(who, request, community, subdistrict))
    assert client.get(WORDS).status_code == seen
    assert client.post(WORDS, GOOD | {"do": "save"}).status_code == posted
    assert MessageTemplate.objects.exists() == (posted == 302)


def _somebody(who: str, request: Any, community: Any, subdistrict: Any) -> User:
    places = {"steward": {"community": community}, "office": {"subdistrict": subdistrict}}
    if who not in places:
        return request.getfixturevalue(who)
    return user_with_role(who, who, **places[who])


def test_the_words_of_a_code_are_nobodys_to_change(worker, community):
    page(signed_in(worker), f"{TEMPLATES}words/xinhe/sign_in_code/", 404)
    page(signed_in(worker), f"{TEMPLATES}words/xinhe/no_such_kind/", 404)


def test_the_usual_address_of_a_record_shows_the_page_of_its_kind(worker, community):
    client = signed_in(worker)
    client.post(WORDS, GOOD | {"do": "save"})
    row = MessageTemplate.objects.get()
    assert GOOD["title"] in page(client, f"{TEMPLATES}{row.pk}/change/")
    page(client, f"{TEMPLATES}add/", 403)


# --- the log -------------------------------------------------------------------------------------


@pytest.fixture
def failed(community: Any, elder: Any, settings: Any) -> Delivery:
    """A text message that failed, for lack of a provider."""
    told = [Recipient(resident=elder)]
    tell(told, "event_registered", VALUES, community=community, once_key="x")
    settings.MESSAGING_CHANNELS = {"sms": "http"}
    sending.send_due()
    return Delivery.objects.get()


def test_the_log_shows_masks_states_and_reasons_but_neither_address_nor_words(worker, failed):
    client = signed_in(worker)
    for url in (LOG, f"{LOG}{failed.pk}/change/"):
        text = page(client, url)
        assert "139****7799" in text
        assert "not_set_up" in text
        assert "报名成功" in text, "the kind"
        assert "13900007799" not in text
        assert "小马扎剧场" not in text


def test_staff_send_again_by_a_button_that_asks_once(worker, failed):
    client = signed_in(worker)
    url = f"{LOG}{failed.pk}/retry/"
    assert url in page(client, f"{LOG}{failed.pk}/change/")
    assert "重新发送" in page(client, url)
    assert Delivery.objects.get().state == "failed"
    assert client.post(url).status_code == 302
    assert (Delivery.objects.get().state, Delivery.objects.get().tries) == ("pending", 0)


@pytest.mark.parametrize("who", ["other_worker", "steward", "office"])
def test_the_log_of_others_does_not_exist(community, subdistrict, failed, request, who):
    client = signed_in(_somebody(who, request, community, subdistrict))
    assert "139****7799" not in client.get(LOG).content.decode()
    assert "139****7799" not in client.get(f"{LOG}{failed.pk}/change/").content.decode()
    assert client.post(f"{LOG}{failed.pk}/retry/").status_code == 403
    assert Delivery.objects.get().state == "failed"


def test_nobody_writes_the_log_by_hand(admin_user, failed):
    client = signed_in(admin_user)
    assert client.get(f"{LOG}add/").status_code == 403
    assert client.get(f"{LOG}{failed.pk}/delete/").status_code == 403
    client.post(f"{LOG}{failed.pk}/change/", {"address": PHONE})
    assert Delivery.objects.get().address == "13900007799"
