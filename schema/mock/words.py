"""Invented words for fields of text, by the field's name. Nobody here is real."""

# Surnames alone: personal fields are answered masked, as the APIs do.
NAMES = ("张*", "王*", "李*", "赵*", "陈*", "周*", "欧阳*", "林*")
STAFF = ("周社工", "吴书记", "郑网格员")

_PLACES = ("社区党群服务中心", "小马扎剧场", "三号楼前广场", "云课堂", "颐年食堂")
_SENTENCES = (
    "请带好身份证件，提前十分钟到。",
    "名额有限，约满为止。",
    "如遇下雨改在室内。",
    "由社区志愿服务队协助。",
)
_ORGANIZATIONS = ("新河物业服务公司", "社区卫生服务站", "街道司法所", "邻里超市")
_EVENTS = ("民法典进小区", "反诈进楼栋", "物业纠纷怎么办", "遗嘱与继承讲堂")

# By type and field, else by field.
TEXTS: dict[str, tuple[str, ...]] = {
    "Community.name": ("新河社区", "东方社区"),
    "Venue.name": _PLACES,
    "Organization.name": _ORGANIZATIONS,
    "Organization.shortName": ("新河物业", "卫生站", "司法所", "邻里超市"),
    "ServiceCategory.name": ("助餐", "助医", "助洁", "助学"),
    "ServiceItem.title": ("义务理发", "血压测量", "家电维修", "代办代跑"),
    "LegalEducationEvent.title": _EVENTS,
    "LegalEducationEvent.topic": ("民法典", "反诈", "物业", "继承"),
    "JointMeeting.title": ("联席会议", "加装电梯专题会", "停车管理专题会"),
    "InboxMessage.title": ("报名成功", "预约成功", "活动改期"),
    "AvailableAction.name": ("update", "cancel", "confirm"),
    "AvailableAction.mutation": ("updateSlot", "cancelBooking", "confirmBooking"),
    "AvailableAction.label": ("修改", "取消", "确认"),
    "Me.username": ("mock",),
    "Me.roles": ("worker", "steward"),
    "name": ("第一项", "第二项", "第三项"),
    "title": ("加装电梯意见征求", "楼道杂物清理", "充电桩选址", "绿地改造"),
    "itemTitle": ("义务理发", "血压测量", "家电维修", "代办代跑"),
    "eventTitle": _EVENTS,
    "meetingTitle": ("联席会议", "停车管理专题会"),
    "organizationName": _ORGANIZATIONS,
    "place": _PLACES,
    "summary": _SENTENCES,
    "prerequisites": ("70 周岁以上", "本社区居民", ""),
    "building": ("1号楼", "2号楼", "3号楼"),
    "estate": ("新河一区", "新河二区"),
    "unit": ("1单元", "2单元"),
    "room": ("101", "302", "501"),
    "device": ("手机", "电脑"),
    "ip": ("192.0.2.7",),
    "register": ("attendance", "residents"),
    "sheet": ("签到表", "花名册"),
    "column": ("姓名", "联系电话"),
    "heading": ("姓名", "联系电话"),
    "headings": ("姓名", "联系电话"),
    "attribute": ("name", "phone"),
    "contentType": ("image/jpeg",),
    "originalName": ("现场照片.jpg",),
    "chair": STAFF,
    "presenter": STAFF,
    "speaker": ("街道司法所", "公益律师"),
    "actorName": STAFF,
    "message": ("手机号应为 11 位，请核对后补全。",),
    "statusLabel": ("进行中",),
    "reason": ("",),
    "template": ("event_registered", "service_offered", "event_reminder"),
}
OTHERWISE = _SENTENCES
