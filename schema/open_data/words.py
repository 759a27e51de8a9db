"""What the fields of open data mean, in Chinese and English: the dictionary, and the schema's own
descriptions. A public field that is not explained here fails a test.

By `Type.field`, or by the field alone where it means the same in every list.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Meaning:
    """What a field means, its unit, and when it is empty."""

    chinese: str
    english: str

    def __str__(self) -> str:
        return f"{self.chinese} {self.english}"


_EVERYWHERE: dict[str, Meaning] = {
    name: Meaning(*words)
    for name, words in {
        "id": ("对象标识，仅供程序缓存用。", "Opaque id, for caches."),
        "code": ("编号，不会再变；与主接口相同。", "Stable code, the same in the main API."),
        "name": ("名称。", "Name."),
        "title": ("名称（标题）。", "Title."),
        "summary": ("说明文字，已公开。", "Published description."),
        "place": ("地点。", "Where."),
        "status": ("状态。", "State."),
        "kind": ("类型。", "Kind."),
        "startsAt": ("开始时间，带时区。", "Begins, with offset."),
        "endsAt": ("结束时间，带时区；这一刻不算在内。", "Ends, with offset, exclusive."),
        "meeting": ("所属联席会议。", "The meeting it came from."),
        "year": ("编号所属年份。", "Year of the numbering."),
        "placesLeft": (
            "还剩几个名额，最少 0；不限名额时为空。",
            "Places still free, never below 0; null for no limit.",
        ),
    }.items()
}
_OF_A_TYPE: dict[str, Meaning] = {
    name: Meaning(*words)
    for name, words in {
        "NeighborFestival.stalls": (
            "摊位，按序号；没来的不列。",
            "Its stalls by number, without those that stayed away.",
        ),
        "NeighborFestival.kindCount": ("不同服务类型的个数。", "Distinct kinds of service."),
        "NeighborFestival.headsTotal": (
            "人次（同一人来两次算两次）；1 到 4 时不公开，为空。",
            "Heads, never distinct people; null from 1 to 4.",
        ),
        "Stall.festival": ("所属的红色邻里节。", "The festival that it stands at."),
        "Stall.number": ("摊位序号，一次邻里节里不重复。", "Number within the festival."),
        "Stall.item": ("摊位上的服务项目；没有公开的为空。", "Service item; null if not public."),
        "Stall.category": ("服务类别（九助）。", "The kind of help."),
        "HotlineMonthlyCount.category": ("热线类别。", "What the calls were about."),
        "HotlineMonthlyCount.year": ("哪一年。", "Year."),
        "HotlineMonthlyCount.month": (
            "哪个月，1 到 12；过完了才公开。",
            "Month, 1 to 12; once over.",
        ),
        "HotlineMonthlyCount.count": (
            "来电件数；1 到 4 件的不公开，没有那一行。",
            "Calls; those from 1 to 4 are not public, and have no row.",
        ),
        "CoolStation.seasonFrom": ("开放季第一天。", "First day of the season."),
        "CoolStation.seasonTo": ("开放季最后一天（含）。", "Last day of the season, inclusive."),
        "CoolStation.openNow": (
            "现在是否开放：看开放季、时间和例外。",
            "Open at this moment, by season, hours and exceptions.",
        ),
        "CoolStation.openToday": ("今天是否有开放时间。", "Open at some time today."),
        "CoolStation.hours": ("每周的开放时间。", "Opening hours by weekday."),
        "CoolStation.exceptions": ("今后与平时不同的日子。", "Days to come that differ."),
        "CoolStation.supplies": (
            "品种，以及现在有没有。",
            "What it gives out, and whether there is any now.",
        ),
        "LegalEducationEvent.topic": ("普法主题，如民法典、反诈。", "Topic in words."),
        "LegalEducationEvent.format": ("举办形式。", "On site, online or both."),
        "LegalEducationEvent.venue": ("举办阵地。", "Where it is held."),
        "LegalEducationEvent.capacity": (
            "报名名额（人），只限制报名；不限为空。",
            "Limits registrations alone; null for none.",
        ),
        "LegalEducationEvent.headsTotal": (
            "人次（同一人来两次算两次）；1 到 4 时不公开，为空。",
            "Heads, never distinct people; null from 1 to 4.",
        ),
        "ActionItem.title": ("要落实的事。", "What is to be done."),
        "ActionItem.dueOn": ("完成时限（当天仍算按时）。", "Due day, inclusive."),
        "ActionItem.organization": ("责任单位。", "The body that answers for it."),
        "ActionItem.overdue": ("未完成且已过时限。", "Not done, and its day is over."),
        "JointMeeting.number": ("本社区当年第几次。", "Ordinal in the community's year."),
        "JointMeeting.quorumWords": ("到会情况，一句话。", "Who was there, in a sentence."),
        "JointMeeting.minutes": ("已公开的会议纪要全文。", "The published minutes, as text."),
        "Resolution.votesFor": ("赞成票数，一席一票。", "Votes for; one a seat."),
        "Resolution.votesAgainst": ("反对票数。", "Votes against."),
        "Resolution.votesAbstain": ("弃权票数。", "Abstentions."),
        "Resolution.number": ("当年决议号，连续不断。", "Number in the year, without a gap."),
        "Resolution.kind": ("决议，或对业主的建议。", "A decision or a recommendation."),
        "Resolution.text": ("决议内容。", "What was decided."),
        "Resolution.actionItems": ("由此产生的落实事项。", "What follows from it."),
        "OwnerVote.takeNumerator": (
            "参加表决须达到的比例（分子）。",
            "Share that must take part: numerator.",
        ),
        "OwnerVote.takeDenominator": ("同上（分母）。", "The same: denominator."),
        "OwnerVote.agreeNumerator": (
            "参加者中同意须达到的比例（分子）。",
            "Share of those that must agree: numerator.",
        ),
        "OwnerVote.agreeDenominator": ("同上（分母）。", "The same: denominator."),
        "OwnerVote.agreeStrict": (
            "true：须超过该比例；false：达到即可。",
            "True: more than that share; false: at least.",
        ),
        "OwnerVote.areaAll": (
            "全体专有面积，单位：百分之一平方米。",
            "All areas, in hundredths of a square metre.",
        ),
        "OwnerVote.areaTaking": (
            "参加表决的面积，单位：百分之一平方米。",
            "Areas that took part, in hundredths of a square metre.",
        ),
        "OwnerVote.areaFor": (
            "同意的面积，单位：百分之一平方米。",
            "Areas in favour, in hundredths of a square metre.",
        ),
        "OwnerVote.headsAll": (
            "全体业主人数；一位业主几套房只算一个。",
            "All owners; one of several rooms is one.",
        ),
        "OwnerVote.headsTaking": ("参加表决的业主人数。", "Owners who took part."),
        "OwnerVote.headsFor": ("同意的业主人数。", "Owners in favour."),
        "OwnerVote.matter": (
            "表决事项的类别（民法典第 278 条）。",
            "Matter (Civil Code art. 278).",
        ),
        "OwnerVote.question": ("选票上的原话。", "The question, as on the ballot."),
        "OwnerVote.startsOn": ("开始收票的日期。", "First day of voting."),
        "OwnerVote.endsOn": ("截止日期（当天收到仍有效）。", "Last day, inclusive."),
        "OwnerVote.recommendation": (
            "据以发起的联席会议建议；那次会议的纪要公布以后才有。",
            "The joint meeting's recommendation behind it, once its minutes are published.",
        ),
        "OwnerVote.countedAt": ("计票时间，带时区。", "When it was counted, with offset."),
        "OwnerVote.outcome": ("结果。", "Outcome."),
        "OwnerVote.estate": ("哪个小区的业主表决。", "Whose owners decided."),
        "PublicNotice.kind": (
            "公示（可以提意见）、通知、公告或招募。",
            "Open to objections, a notice, an announcement, or a call for people.",
        ),
        "PublicNotice.body": ("正文，纯文本。", "The text, plain."),
        "PublicNotice.contact": (
            "联系方式：办公地点、座机；公示的，在这里提意见。",
            "An office and its phone: where to ask, or to object.",
        ),
        "PublicNotice.publishedOn": ("发布日期。", "The day on which it went up."),
        "PublicNotice.until": (
            "截止日期（含）；公示的，提意见到这一天。",
            "Last day on the board, inclusive; objections are taken until then.",
        ),
        "PublicNotice.current": (
            "今天是否还在公布；已结束的留作存档，为 false。",
            "Whether it hangs on the board today; what is over stays as an archive, false.",
        ),
        "PublicNotice.estate": (
            "只和哪个小区有关；全社区的为空。",
            "Of which estate alone it speaks; null for the whole community.",
        ),
        "CoBuildingAgreement.partner": ("签订协议的红色合伙人。", "The partner."),
        "CoBuildingAgreement.signedOn": ("签订日期。", "Signed on."),
        "CoBuildingAgreement.startsOn": ("生效日期。", "In force from."),
        "CoBuildingAgreement.endsOn": ("到期日期（当天仍有效）。", "In force until, inclusive."),
        "RedPartner.organization": ("哪个单位。", "Which body."),
        "RedPartner.since": ("加入日期。", "Partner since."),
        "RedPartner.until": ("退出日期；仍是合伙人时为空。", "Left on; null while it lasts."),
        "Organization.shortName": ("简称。", "Short name."),
        "StewardSelection.method": ("按评分还是按票数。", "By score or by votes."),
        "StewardSelection.places": ("评选名额（人）。", "How many are chosen."),
        "StewardSelection.opensOn": ("评选开始日期。", "First day."),
        "StewardSelection.closesOn": ("评选截止日期。", "Last day."),
        "StewardSelection.announcement": (
            "公布的结果：几名、来自哪个单位，不写姓名。",
            "The result as announced: how many, of which body, no names.",
        ),
        "ServiceItem.category": ("服务类别（九助）。", "Kind of help."),
        "ServiceItem.prerequisites": ("预约条件。", "Who can book it."),
        "Slot.item": ("所属服务项目。", "The service."),
        "Slot.capacity": ("名额（人）。", "How many can book."),
        "Slot.place": ("地点；为空时在服务项目的地点。", "Where, if not where the service is."),
    }.items()
}


def meaning_of(type_name: str, field: str) -> Meaning | None:
    """What a field means; None if nobody has explained it."""
    return _OF_A_TYPE.get(f"{type_name}.{field}") or _EVERYWHERE.get(field)


def explained() -> set[str]:
    """Every `Type.field` that is explained for one type alone."""
    return set(_OF_A_TYPE)
