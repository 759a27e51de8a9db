"""The composition root: every address."""

from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from backend.accounts.pages import admin_sign_in
from backend.core.desk.compare_pages import compare_page, compare_sheet
from backend.core.desk.pages import search_page, today_page
from backend.core.guide_pages import chapter_page, contents_page, picture_file
from backend.core.health import alive, ready
from backend.core.who_may_what import who_may_what
from backend.demands.phone_pages import demand_page, demands_page
from backend.education.phone_pages import event_page, ticket_page
from backend.founding.checklist import checklist_page
from backend.founding.overview_pages import setting_history_page, settings_page
from backend.indicators.pages import hotline_page
from backend.meetings.task_pages import task_page, tasks_page
from backend.owner_votes.pages import ballots_page, notice_page, vote_page, votes_page
from backend.partners.phone_pages import partners_page, report_page
from backend.patrols.pages import patrol_grid, patrol_page, patrols_page
from backend.services.day_pages import day_page, day_paper
from backend.services.week_pages import week_page
from backend.stations.pages import station_page, stations_page
from backend.volunteers.certificate_files import certificate_check, certificate_file
from schema.errors.view import error_codes
from schema.main.plain_upload import corrected, plain_upload
from schema.main.view import main_api
from schema.open_data.view import open_data_api

# Done already, but in a process that began without pages and now asks for an address.
admin.autodiscover()
# The first page is called what the sidebar calls it.
admin.site.index_title = _("今日待办")
admin.site.index = today_page  # type: ignore[method-assign,assignment]
# Through allauth, so that nobody goes round the second factor.
admin.site.login = admin_sign_in  # type: ignore[method-assign]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/who-may-what/", admin.site.admin_view(who_may_what), name="who_may_what"),
    path("admin/compare/", admin.site.admin_view(compare_page), name="compare"),
    path("admin/compare/sheet/", admin.site.admin_view(compare_sheet), name="compare_sheet"),
    path("admin/hotline/", admin.site.admin_view(hotline_page), name="hotline_page"),
    path("admin/settings/", admin.site.admin_view(settings_page), name="settings_page"),
    path(
        "admin/settings/<slug:code>/history/",
        admin.site.admin_view(setting_history_page),
        name="setting_history",
    ),
    path("admin/help/", admin.site.admin_view(contents_page), name="guide"),
    path(
        "admin/help/pictures/<str:name>",
        admin.site.admin_view(picture_file),
        name="guide_picture",
    ),
    path("admin/help/<slug:name>/", admin.site.admin_view(chapter_page), name="guide_page"),
    path("admin/checklist/", admin.site.admin_view(checklist_page), name="checklist"),
    # Before Unfold's own of that address.
    path("admin/search/", admin.site.admin_view(search_page)),
    path("admin/", admin.site.urls),
    path("templates/", include("backend.imports.templates_out.urls")),
    path("files/", include("backend.files.urls")),
    path("accounts/", include("backend.accounts.urls")),
    path("_allauth/", include("backend.accounts.app_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    # Short: they stand in QR codes.
    path("e/<str:token>/", event_page, name="event_page"),
    path("t/<str:token>/", ticket_page, name="ticket_page"),
    path("demands/", demands_page, name="demands_page"),
    path("demands/<slug:code>/", demand_page, name="demand_page"),
    path("tasks/", tasks_page, name="tasks_page"),
    path("tasks/<slug:code>/", task_page, name="task_page"),
    path("services/week/", week_page, name="week_page"),
    path("services/day/", day_page, name="day_page"),
    path("services/day/paper/", day_paper, name="day_paper"),
    path("owner-votes/", votes_page, name="owner_votes"),
    path("owner-votes/<slug:code>/", vote_page, name="owner_vote"),
    path("owner-votes/<slug:code>/ballots/", ballots_page, name="owner_ballots"),
    path("owner-votes/<slug:code>/notice/", notice_page, name="owner_vote_notice"),
    # Stands in the QR codes on paper: it stays as it is.
    path("certificates/", certificate_check, name="certificate_check"),
    path(
        "certificates/<str:number>/certificate.<str:kind>",
        certificate_file,
        name="certificate_file",
    ),
    path("patrols/", patrols_page, name="patrols_page"),
    path("patrols/grid/<slug:code>/", patrol_grid, name="patrol_grid"),
    path("patrols/<slug:code>/", patrol_page, name="patrol_page"),
    path("partners/", partners_page, name="partners_page"),
    path("partners/reports/<slug:code>/", report_page, name="partner_report"),
    path("stations/", stations_page, name="stations_page"),
    path("stations/<slug:code>/", station_page, name="station_page"),
    path("graphql/", main_api, name="main_api"),
    path("graphql/errors.json", error_codes, name="error_codes"),
    path("graphql/upload/", plain_upload, name="plain_upload"),
    path("graphql/corrected/<slug:code>.xlsx", corrected, name="corrected_workbook"),
    path("open-data/graphql/", open_data_api, name="open_data_api"),
    path("open-data/", include("schema.open_data.urls")),
    path("healthz", alive, name="alive"),
    path("readyz", ready, name="ready"),
]
