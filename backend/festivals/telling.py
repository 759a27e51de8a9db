"""Who is told of a festival: the contacts of those who run stalls, and who helps there."""

from collections.abc import Iterable

from django.utils import timezone

from backend.festivals.hands import also_concerned
from backend.festivals.models import NeighborFestival, Stall
from backend.messaging.actions import Recipient, tell
from backend.people.queries import accounts_of_bodies


def moment(festival: NeighborFestival) -> str:
    """When it begins, as a message says it."""
    return f"{timezone.localtime(festival.starts_at):%Y-%m-%d %H:%M}"


def tell_everybody(festival: NeighborFestival, template: str, occasion: str, **more: str) -> int:
    """Tells whoever comes to work there, once an occasion; answers how many were told now."""
    providers = Stall.objects.filter(festival=festival, provider__isnull=False)
    accounts = accounts_of_bodies(providers.values_list("provider", flat=True))
    whom = [Recipient(user=user) for user in accounts] + also_concerned(festival.pk)
    return _tell(festival, whom, template, occasion, more)


def tell_providers(
    festival: NeighborFestival, stalls: Iterable[Stall], template: str, occasion: str
) -> int:
    """Tells each body of its own stalls, once an occasion; answers how many were told now."""
    by_body: dict[int, list[Stall]] = {}
    for stall in stalls:
        if stall.provider_id is not None:
            by_body.setdefault(stall.provider_id, []).append(stall)
    told = 0
    for body, own in sorted(by_body.items()):
        whom = [Recipient(user=user) for user in accounts_of_bodies([body])]
        named = "、".join(f"{stall.number}号 {stall.name}" for stall in own)
        told += _tell(festival, whom, template, f"{occasion} body {body}", {"stalls": named})
    return told


def _tell(
    festival: NeighborFestival,
    whom: list[Recipient],
    template: str,
    occasion: str,
    more: dict[str, str],
) -> int:
    if not whom:
        return 0
    values = {
        "festival": festival.title,
        "starts_at": moment(festival),
        "place": festival.place,
    }
    return tell(
        whom,
        template,
        values | more,
        community=festival.community,
        once_key=f"festival {festival.pk} {occasion}",
        about=festival,
    )
