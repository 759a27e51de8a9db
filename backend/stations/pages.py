"""清凉驿站 on a phone: what a station has, and what goes in and out, for staff and contacts alike."""

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from backend.accounts.home_links import HomeLink, home_link
from backend.core.access import Actor, may_within
from backend.core.errors import RuleViolation
from backend.core.gate_rights import may_write
from backend.core.numbers import whole_number
from backend.stations import ledger
from backend.stations.choices import EntryKind
from backend.stations.models import CoolStation, StationStock, SupplyEntry
from backend.stations.queries import latest_entries, stocks_of

DOOR = "phone_page"
COUNT = "count"
# Members of the community see the stations.
home_link(
    HomeLink(
        "stations_page",
        _("清凉驿站"),
        _("开放时间与物资"),
        lambda user: CoolStation.objects.visible_to(user).exists(),
    )
)


@never_cache
@login_required
def stations_page(request: HttpRequest) -> HttpResponse:
    """The stations of the reader's communities; those whose stock they may enter first."""
    rows: Any = CoolStation.objects.visible_to(request.user)
    by = Actor.of(request.user, DOOR)
    found = list(rows.with_open().select_related("organization").order_by("name", "pk"))
    mine = [station for station in found if may_enter(station, by)]
    return render(
        request,
        "stations/stations.html",
        {"stations": mine + [station for station in found if station not in mine]},
    )


@never_cache
@login_required
def station_page(request: HttpRequest, code: str) -> HttpResponse:
    """One station: its stock, a form for one entry, and the last ones."""
    rows: Any = CoolStation.objects.visible_to(request.user)
    station = rows.with_open().select_related("organization").filter(code=code).first()
    if station is None:
        raise Http404
    by = Actor.of(request.user, DOOR)
    enters = may_enter(station, by)
    given = request.POST
    if request.method == "POST" and enters:
        try:
            entry = _carry_out(station, given, by)
        except RuleViolation as violation:
            messages.error(request, violation.message)
        else:
            messages.success(
                request,
                gettext("已登记，%(supply)s还有 %(left)s%(unit)s。")
                % {
                    "supply": entry.stock.supply.name,
                    "left": entry.balance_after,
                    "unit": entry.stock.supply.unit,
                },
            )
            return HttpResponseRedirect(request.path)
    entries = latest_entries(station, request.user)
    return render(
        request,
        "stations/station.html",
        {
            "station": station,
            "stocks": stocks_of(station, request.user),
            "enters": enters,
            "entries": entries,
            "corrected": _asked(station, request),
            "kinds": [
                (EntryKind.OUT.value, EntryKind.OUT.label),
                (EntryKind.IN.value, EntryKind.IN.label),
                (COUNT, gettext("盘点")),
            ],
            "given": given,
            # Sent twice, by a thumb or a bad line, it is one entry.
            "key": given.get("key") or secrets.token_urlsafe(12),
            "staff": request.user.is_staff,
        },
    )


def may_enter(station: CoolStation, by: Actor) -> bool:
    """Whether the actor may enter what goes in and out there."""
    if may_within(by, "supplies.edit", station.community_id):
        return True
    stock = StationStock.objects.filter(station=station).first()
    entry = SupplyEntry(community_id=station.community_id, stock=stock)
    return stock is not None and may_write(entry, by, "edit")


def _asked(station: CoolStation, request: HttpRequest) -> SupplyEntry | None:
    """The entry that the address asks to put right."""
    rows = SupplyEntry.objects.visible_to(request.user).filter(stock__station=station)
    pk = whole_number(request.GET.get("entry", "")) or 0
    found = rows.exclude(kind=EntryKind.CORRECTION).filter(pk=pk)
    return found.select_related("stock__supply").first()


def _carry_out(station: CoolStation, given: Any, by: Actor) -> SupplyEntry:
    amount = whole_number(given.get("amount", ""))
    if amount is None:
        raise RuleViolation("amount_invalid", "数量应是整数，请重新填写。", field="quantity")
    reason, key = given.get("reason", "").strip(), given.get("key", "")[:80]
    entry = SupplyEntry.objects.visible_to(by.user).filter(
        stock__station=station, pk=whole_number(given.get("entry", "")) or 0
    )
    if given.get("entry"):
        wrong = entry.first()
        if wrong is None:
            raise RuleViolation("not_found", "没有找到这一笔，请刷新后重试。")
        return ledger.correct_entry(wrong, amount, by=by, reason=reason, key=key)
    stock = StationStock.objects.filter(
        station=station, pk=whole_number(given.get("stock", "")) or 0
    ).first()
    if stock is None:
        raise RuleViolation("not_found", "请选择品种。", field="stock")
    more: dict[str, Any] = {"by": by, "reason": reason, "key": key}
    kind = given.get("kind", "")
    if kind == COUNT:
        return ledger.count_stock(stock, amount, **more)
    if kind == EntryKind.IN:
        return ledger.put_in(stock, amount, **more)
    return ledger.take_out(stock, amount, **more)
