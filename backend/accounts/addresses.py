"""Where an account can be reached: the phone by which it signs in, and its mini-program's openid."""

from collections.abc import Mapping, Sequence

from allauth.socialaccount.models import SocialAccount

from backend.accounts.models import SignInPhone
from backend.accounts.provider import MiniProgramProvider
from backend.messaging.addresses import address_source
from backend.messaging.choices import Channel


@address_source(Channel.SMS)
def phones(users: Sequence[int]) -> Mapping[int, str]:
    """The number that the account itself has proved to be its own; before the roster's."""
    rows = SignInPhone.objects.filter(user_id__among=frozenset(users))
    return dict(rows.values_list("user_id", "phone"))


@address_source(Channel.WECHAT)
def openids(users: Sequence[int]) -> Mapping[int, str]:
    """By the mini-program that the account signs in with."""
    rows = SocialAccount.objects.filter(
        provider=MiniProgramProvider.id, user_id__among=frozenset(users)
    )
    return dict(rows.order_by("pk").values_list("user_id", "uid"))
