"""The addresses of attachments."""

from django.urls import path

from backend.files import views

urlpatterns = [
    path("add/<str:model_label>/<int:pk>/", views.attach, name="attach_file"),
    path("<slug:code>/", views.attachment, name="attachment"),
    path("<slug:code>/thumbnail/", views.thumbnail, name="attachment_thumbnail"),
    path("<slug:code>/remove/", views.remove, name="remove_attachment"),
    path("<slug:code>/restore/", views.restore, name="restore_attachment"),
    path("<slug:code>/title/", views.retitle, name="retitle_attachment"),
]
