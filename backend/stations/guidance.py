"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "stations.CoolStation",
    _("清凉驿站：在哪里、什么时候开、有什么。"),
    _("建驿站，填开放季和开放时间，再列物资。"),
    "festivals",
    "建一个驿站",
)
guide(
    "stations.StationStock",
    _("驿站库存：每个驿站的每种物资还有多少，由出入库算出。"),
    _("少了到驿站页登记入库，或等补货任务。"),
    "festivals",
    "出入库（手机上用）",
    begins_at="stations.CoolStation",
)
guide(
    "stations.SupplyEntry",
    _("驿站出入库：每一次进出，只增不改，记错了记一笔相反的。"),
    _("在手机上打开驿站页登记，或导入台账。"),
    "festivals",
    "出入库（手机上用）",
    begins_at="stations.CoolStation",
)
guide(
    "stations.Refill",
    _("补货任务：库存低了自动产生，补上就完成。"),
    _("派给能补的人；登记入库后自动完成。"),
    "festivals",
    "补货任务",
    begins_at="stations.CoolStation",
)
guide(
    "stations.Supply",
    _("驿站物资品种：绿豆汤、花露水……出入库时从这里选。"),
    _("把常用的几种建好，写明单位。"),
    "festivals",
    "建一个驿站",
)
guide(
    "stations_page",
    _("清凉驿站：点一个驿站登记出入库。"),
    _("选您值守的驿站；少了什么看“要补”。"),
    "festivals",
    "出入库（手机上用）",
)
guide(
    "station_page",
    _("驿站出入库：点物资，写进了多少、用了多少。"),
    _("记错了不能改，记一笔相反的。"),
    "festivals",
    "出入库（手机上用）",
)
