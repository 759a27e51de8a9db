"""The addresses of templates."""

from django.urls import path

from backend.imports.templates_out.views import template

urlpatterns = [path("<slug:register>.xlsx", template, name="sheet_template")]
