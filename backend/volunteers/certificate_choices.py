"""Stored values of certificates and honours (never change), with their labels and badge colours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CertificateStatus(TextChoices):
    ISSUED = "issued", _("有效")
    VOIDED = "voided", _("已作废")


CERTIFICATE_COLOURS = {
    CertificateStatus.ISSUED: "success",
    CertificateStatus.VOIDED: "danger",
}


class HonourStatus(TextChoices):
    GRANTED = "granted", _("已授予")
    REVOKED = "revoked", _("已撤销")


HONOUR_COLOURS = {
    HonourStatus.GRANTED: "success",
    HonourStatus.REVOKED: "danger",
}
