"""E-mail, through Django's mail API: whatever EMAIL_BACKEND and EMAIL_HOST say."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from backend.messaging.channels.message import Outgoing, Refused


class DjangoEmailSender:
    """One message to one person; its Message-ID is the same at every try."""

    def carries(self, template: str) -> bool:
        """Any kind."""
        return True

    def send(self, message: Outgoing) -> str:
        """Hands the message to the mail server. Raises: Refused."""
        sender = settings.DEFAULT_FROM_EMAIL
        identity = f"<{message.reference}@{sender.rpartition('@')[2].strip('>') or 'linli'}>"
        mail = EmailMessage(
            # A line break would begin a header of somebody's own.
            subject=" ".join(message.title.split()),
            body=message.body,
            from_email=sender,
            to=[message.to],
            headers={"Message-ID": identity, "Auto-Submitted": "auto-generated"},
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            code = codes[0] if codes else 0
            raise Refused(f"smtp_{code}", for_good=500 <= code < 600) from None
        except smtplib.SMTPResponseException as refused:
            code = refused.smtp_code
            # 535: our own credentials; that is for us to mend, and not the message's end.
            raise Refused(f"smtp_{code}", for_good=550 <= code < 560) from None
        except TimeoutError:
            raise Refused("timeout") from None
        except (OSError, smtplib.SMTPException):
            raise Refused("unreachable") from None
        except ValueError:
            # BadHeaderError, or an address that is none.
            raise Refused("address_invalid", for_good=True) from None
        return identity
