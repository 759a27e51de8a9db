"""Red partners as spreadsheets: who has joined, what was agreed, where they stand, what was found."""

from backend.imports.facet_sheet import facet_sheet
from backend.imports.sheet import register
from backend.partners.facets import (
    AGREEMENT,
    CANDIDATE,
    ISSUE,
    PARTNER,
    POST,
    REPORT,
    SELECTION,
    SHIFT,
)

register(facet_sheet(PARTNER, "red_partners", "红色合伙人名册"))
register(facet_sheet(AGREEMENT, "co_building_agreements", "共建协议台账"))
register(facet_sheet(POST, "vanguard_posts", "党员先锋岗名册"))
register(facet_sheet(ISSUE, "incipient_issues", "苗头性问题台账"))
register(facet_sheet(REPORT, "progress_reports", "物业服务进展"))
register(facet_sheet(SELECTION, "steward_selections", "优秀管家选聘"))
register(facet_sheet(SHIFT, "duty_shifts", "先锋岗值班表"))
register(facet_sheet(CANDIDATE, "steward_candidates", "候选管家名单"))
