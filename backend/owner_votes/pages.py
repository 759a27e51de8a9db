"""Pages of a vote, for a desk and for a phone: ballots are entered, the result is seen and printed.

For staff and for the contacts of the organizing body alike: whoever signs in sees the votes that they
may see, and may do there what they may do anywhere.
"""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from backend.accounts.home_links import HomeLink, home_link
from backend.core.access import Actor, may
from backend.core.errors import RuleViolation
from backend.core.numbers import whole_number
from backend.owner_votes import actions, words
from backend.owner_votes.choices import Opinion, OwnerVoteStatus
from backend.owner_votes.finding import rooms_like
from backend.owner_votes.models import BasisHead, OwnerBallot, OwnerVote
from backend.owner_votes.queries import latest_ballots, may_enter, may_hold, outstanding_rooms

DOOR = "phone_page"
SHOWN = 100
# More than this no list of suggestions carries on a phone.
OFFERED = 3_000
# Those who organize votes; staff come from the register.
home_link(
    HomeLink(
        "owner_votes",
        _("业主共同决定"),
        _("本单位组织的投票：收票、计票"),
        lambda user: OwnerVote.objects.filter(OwnerVote.own_rows(user, "see")).exists(),
    )
)
_UNDER_WAY = (OwnerVoteStatus.OPEN, OwnerVoteStatus.COUNTED, OwnerVoteStatus.PUBLISHED)
_OVER = (OwnerVoteStatus.COUNTED, OwnerVoteStatus.PUBLISHED)


@never_cache
@login_required
def votes_page(request: HttpRequest) -> HttpResponse:
    """The votes that are under way or over, the latest first; drafts for who may open them."""
    rows = OwnerVote.objects.visible_to(request.user).exclude(status=OwnerVoteStatus.CANCELLED)
    rows = rows.select_related("estate").order_by("-starts_on", "-pk")[:SHOWN]
    votes = [v for v in rows if v.status in _UNDER_WAY or may_hold(v, request.user)]
    return render(request, "owner_votes/votes.html", {"votes": votes})


@never_cache
@login_required
def vote_page(request: HttpRequest, code: str) -> HttpResponse:
    """How a vote stands: both thresholds exactly, and in words. Who holds it opens and counts it."""
    vote = _vote(request, code, drafts=True)
    holds = may_hold(vote, request.user)
    if request.method == "POST" and request.POST.get("do") in ("open", "count"):
        _hold(request, vote, request.POST["do"])
        return HttpResponseRedirect(request.path)
    context = _told(request, vote) | {"holds": holds, "draft": vote.status not in _UNDER_WAY}
    if vote.status in _UNDER_WAY:
        over = vote.status in _OVER
        count = vote.count if over else actions.count_now(vote)
        # While it runs, for those who enter the ballots; afterwards for whoever sees the vote.
        seen = over or may_enter(vote, request.user)
        context |= {
            "over": over,
            "lines": words.lines_of(count),
            "sentence": words.in_words(count),
            "opinions": words.opinions_of(count) if seen else [],
            "returned": count.heads_taking,
            "due": timezone.localdate() > vote.ends_on or count.heads_taking == count.heads_all,
        }
    return render(request, "owner_votes/vote.html", context)


def _hold(request: HttpRequest, vote: OwnerVote, verb: str) -> None:
    try:
        actions.VOTE_VERBS[verb](vote, by=Actor.of(request.user, DOOR), reason="")
    except RuleViolation as violation:
        messages.error(request, violation.message)
    else:
        messages.success(request, gettext("已办理。"))


@never_cache
@login_required
def notice_page(request: HttpRequest, code: str) -> HttpResponse:
    """The result as a notice on A4: it names nobody, and no room."""
    vote = _vote(request, code)
    if vote.status not in _OVER:
        raise Http404
    context = _told(request, vote) | {
        "lines": words.lines_of(vote.count),
        "sentence": words.in_words(vote.count),
        "opinions": words.opinions_for_everybody(vote.count),
        "area_all": words.metres(vote.area_all),
        "heads_all": words.heads(vote.heads_all),
    }
    return render(request, "owner_votes/notice.html", context)


@never_cache
@login_required
def ballots_page(request: HttpRequest, code: str) -> HttpResponse:
    """Paper by paper: the room, what it says, and on to the next."""
    vote = _vote(request, code)
    if not may_enter(vote, request.user):
        raise Http404
    by = Actor.of(request.user, DOOR)
    typed: dict[str, Any] = {}
    refused: RuleViolation | None = None
    if request.method == "POST":
        try:
            messages.success(request, _carry_out(request, vote, by))
        except RuleViolation as violation:
            refused, typed = violation, request.POST.dict()
        else:
            day = request.POST.get("given_on", "")
            return HttpResponseRedirect(f"{request.path}?on={day}" if day else request.path)
    count = actions.count_now(vote)
    context = _told(request, vote) | {
        "typed": typed,
        "refused": refused,
        "maybe": _maybe(vote, refused, typed),
        "opinions": Opinion.choices,
        "day": _usual_day(request, vote),
        "today": timezone.localdate(),
        "running": vote.status == OwnerVoteStatus.OPEN,
        "sentence": words.in_words(count),
        "lines": words.lines_of(count)[0][2],
        "enough": count.enough_take_part,
        "latest": latest_ballots(vote, request.user),
        "outstanding": outstanding_rooms(vote, OFFERED),
        "left": count.heads_all - count.heads_taking,
    }
    return render(request, "owner_votes/ballots.html", context)


def _carry_out(request: HttpRequest, vote: OwnerVote, by: Actor) -> str:
    given = request.POST
    if given.get("do") in ("correct", "take_out"):
        rows = OwnerBallot.objects.visible_to(request.user).select_related("head", "vote")
        ballot = rows.filter(vote=vote, pk=whole_number(given.get("ballot", "")) or 0).first()
        if ballot is None:
            raise RuleViolation("ballot_gone", "这张选票已经被取出，请刷新页面。")
        reason, place = given.get("reason", ""), ballot.head.place
        if given["do"] == "take_out":
            actions.take_out(ballot, by=by, reason=reason)
            return gettext("已取出 %(place)s 的选票。") % {"place": place}
        actions.correct(ballot, given.get("opinion", ""), by=by, reason=reason)
        said = ballot.get_opinion_display()
        return gettext("已更正 %(place)s：%(said)s。") % {"place": place, "said": said}
    head = BasisHead.objects.filter(vote=vote, pk=whole_number(given.get("head", "")) or 0)
    paper, day = given.get("paper_number", ""), _day(given.get("given_on", ""))
    opinion = given.get("opinion", "")
    chosen = head.select_related("vote").first()
    if chosen is not None:
        ballot = actions.cast_of(chosen, opinion, by=by, paper_number=paper, given_on=day)
    else:
        ballot = actions.cast(
            vote, given.get("room", ""), opinion, by=by, paper_number=paper, given_on=day
        )
    told = {
        "place": ballot.head.place,
        "rooms": ballot.head.rooms_count,
        "area": ballot.head.size_text,
        "said": ballot.get_opinion_display(),
    }
    return gettext("已登记 %(place)s（这一户 %(rooms)s 套，%(area)s 平方米）：%(said)s。") % told


def _maybe(vote: OwnerVote, refused: RuleViolation | None, typed: dict[str, Any]) -> list[Any]:
    """The rooms that somebody may have meant who typed too little."""
    if refused is None or refused.code not in ("room_unknown", "room_ambiguous"):
        return []
    return rooms_like(vote, typed.get("room", ""))


def _vote(request: HttpRequest, code: str, *, drafts: bool = False) -> OwnerVote:
    rows = OwnerVote.objects.visible_to(request.user).filter(code=code)
    vote = rows.select_related("estate", "community", "organizer").first()
    if vote is None or vote.status == OwnerVoteStatus.CANCELLED:
        raise Http404
    if vote.status not in _UNDER_WAY and not (drafts and may_hold(vote, request.user)):
        raise Http404
    return vote


def _told(request: HttpRequest, vote: OwnerVote) -> dict[str, Any]:
    staff = request.user.is_staff and may(
        Actor.of(request.user, DOOR), "owner_votes.see", vote.community_id
    )
    return {"vote": vote, "staff": staff, "enters": may_enter(vote, request.user)}


def _usual_day(request: HttpRequest, vote: OwnerVote) -> date | None:
    """Today while the vote runs, or the day entered last; afterwards somebody says which."""
    before = _day(request.GET.get("on", ""), quietly=True)
    today = timezone.localdate()
    return before or (today if vote.starts_on <= today <= vote.ends_on else None)


def _day(text: str, *, quietly: bool = False) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        if quietly:
            return None
        raise RuleViolation("invalid_value", "日期不对，请核对。", field="given_on") from None
