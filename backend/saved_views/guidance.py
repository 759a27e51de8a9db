"""What its pages are for, and the next step."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "saved_views.SavedView",
    _("视图：您存下的列表样子（筛选、列、顺序），以及同事共享给您的。"),
    _("在任何列表上筛选好、选好列，再点“存为视图”。"),
    "views",
    "存为视图",
)
