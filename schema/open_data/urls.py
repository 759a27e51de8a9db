"""Addresses of the open data that are no GraphQL; they stay."""

from django.urls import path

from schema.open_data.files import as_csv, dictionary

urlpatterns = [
    path("", dictionary, name="open_data_dictionary"),
    path("<str:name>.csv", as_csv, name="open_data_csv"),
]
