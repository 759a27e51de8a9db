"""Signed tokens for posters and tickets: nobody guesses one, and none says anything of a person."""

from django.core.signing import BadSignature, Signer

from backend.education.models import LegalEducationEvent, Registration

# Not part of a code nor of a signature, and harmless in an address.
_SEPARATOR = "."
_POSTER = Signer(sep=_SEPARATOR, salt="education.poster")
_TICKET = Signer(sep=_SEPARATOR, salt="education.ticket")


def poster_token(event: LegalEducationEvent) -> str:
    """The token on an event's poster; void once the poster is renewed."""
    return _POSTER.sign(f"{event.code}{_SEPARATOR}{event.poster_version}")


def event_of_poster(token: str) -> LegalEducationEvent | None:
    """The event whose poster bears the token; None for a token that is not ours, or not any more."""
    try:
        code, version = _POSTER.unsign(token).rsplit(_SEPARATOR, 1)
    except (BadSignature, ValueError):
        return None
    rows = LegalEducationEvent.objects.select_related("venue", "community")
    return rows.filter(code=code, poster_version=int(version)).first()


def ticket_token(registration: Registration) -> str:
    """The token on a registration's ticket."""
    return _TICKET.sign(registration.code)


def registration_of_ticket(token: str) -> Registration | None:
    """The registration whose ticket bears the token; None for a token that is not ours.

    A scanner may send the whole address that the code holds.
    """
    try:
        code = _TICKET.unsign(token.strip().rstrip("/").rsplit("/", 1)[-1])
    except BadSignature:
        return None
    return Registration.objects.select_related("resident").filter(code=code).first()
