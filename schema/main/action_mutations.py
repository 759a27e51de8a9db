"""Which mutation does what `availableActions` names: the verb and the type, unless said here."""

from strawberry.utils.str_converters import to_camel_case

# None: what happens by itself, or what staff pages alone do.
_CALLED: dict[str, dict[str, str | None]] = {
    "Registration": {"wait": None, "advance": None},
    "JointMeeting": {
        "declare_inquorate": "declareInquorate",
        "confirm": "confirmMinutes",
        "reopen_minutes": "reopenMinutes",
        "publish": "publishMinutes",
        "withdraw": "withdrawMinutes",
        "void": None,
    },
    "ServiceBooking": {
        "wait": None,
        "promote": "promoteBooking",
        "offer": None,
        "accept": "acceptBookingOffer",
        "lapse": None,
        "confirm": "confirmBooking",
        "serve": "markBookingServed",
        "miss": "markBookingNoShow",
        "rate": "rateService",
        "cancel": "cancelBooking",
        "decline": "declineBooking",
    },
    "ServiceItem": {"pause": "pauseService", "resume": "resumeService"},
    "Refill": {"finish": None},
    "Demand": {
        "explain_unresolvable": "explainDemandUnresolvable",
        "mark_duplicate": "markDemandDuplicate",
        "mark_invalid": "markDemandInvalid",
        "resolve_on_the_spot": "resolveDemandOnTheSpot",
        "respond": "respondToDemand",
        "void": None,
    },
    "Volunteer": {"leave": "leaveVolunteers"},
    "ImportBatch": {
        "plan": None,
        "refuse": None,
        "reread": "directImport",
        "commit": "confirmImport",
        "undo": "undoImport",
        "discard": "discardImport",
    },
}


def mutation_of(kind: str, name: str) -> str | None:
    """The mutation for a verb of a type; None where this API has none."""
    called = _CALLED.get(kind, {})
    return called[name] if name in called else to_camel_case(name) + kind
