"""/accounts/: the sign-in pages that we have, and no others of allauth's."""

from allauth.account import views
from django.urls import include, path

from backend.accounts import inbox, pages
from backend.accounts.first_sign_in import first_sign_in

urlpatterns = [
    path("", pages.HomeView.as_view(), name="account_home"),
    path("login/", pages.sign_in, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    # Closed: it says who makes accounts.
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/help/", pages.PasswordHelp.as_view(), name="account_reset_password"),
    path("first/<str:token>/", first_sign_in, name="first_sign_in"),
    path("2fa/", include("allauth.mfa.urls")),
    path("inbox/", inbox.inbox, name="account_inbox"),
    path("inbox/<int:pk>/", inbox.message, name="account_message"),
    path("sessions/", pages.sessions, name="usersessions_list"),
    path("sessions/<int:pk>/end/", pages.end_session, name="usersessions_end"),
    path("sessions/end-others/", pages.end_other_sessions, name="usersessions_end_others"),
]
