"""Who may do what: one readable table, role by action.

An action is "<area>.<verb>". Access, the page 谁能做什么, docs/roles.md and the tests of every cell
are made from this table and from nothing else.
"""

from typing import Final

from backend.core.role_names import Role as Role

_SECRETARY = {Role.SECRETARY, Role.INSTALLATION}
_OFFICE_STAFF = {Role.SECRETARY, Role.WORKER, Role.INSTALLATION}
_STAFF = _OFFICE_STAFF | {Role.STEWARD, Role.MEDIATOR, Role.LEGAL_ADVISOR, Role.OFFICE}
_EVERYBODY = _STAFF | {Role.PARTNER, Role.DEPARTMENT, Role.RESIDENT}
# Those who meet the people themselves: the installation's administrator does not.
_AT_THE_DESK = {Role.SECRETARY, Role.WORKER}
# Those who act for a body, as its named representatives: what "…_own" reaches is that body's.
_CONTACTS = {Role.PARTNER, Role.DEPARTMENT}
_NOBODY: set[Role] = set()

GRANTS: Final[dict[str, frozenset[Role]]] = {
    action: frozenset(roles)
    for action, roles in {
        # Signed-in members of a community see its places and its published events.
        "places.see": _EVERYBODY,
        "places.edit": _SECRETARY,
        "places.delete": _SECRETARY,
        "places.export": _OFFICE_STAFF | {Role.OFFICE},
        # The street office sees its communities' rosters (masked) and changes nothing in them.
        "people.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        # By initials or the last digits of a phone: a search finds what the mask hides.
        "people.search": _OFFICE_STAFF | {Role.STEWARD},
        "people.edit": _OFFICE_STAFF,
        "people.delete": _SECRETARY,
        "people.export": _OFFICE_STAFF,
        # In full, with a reason, logged.
        "people.reveal": _AT_THE_DESK | {Role.STEWARD},
        "people.merge": _AT_THE_DESK,
        # Everybody for themselves: to agree to a notice, and to take it back.
        "people.consent": _EVERYBODY,
        # Bodies and those who speak for them. A contact sees the own body, and no other.
        "organizations.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "organizations.see_own": _CONTACTS,
        "organizations.edit": _OFFICE_STAFF,
        "organizations.delete": _SECRETARY,
        "organizations.export": _OFFICE_STAFF,
        "organizations.reveal": _AT_THE_DESK | {Role.STEWARD},
        # Partners, agreements and posts: a contact reads those of the own body, and changes none.
        "partners.see": _STAFF,
        "partners.see_own": _CONTACTS,
        "partners.edit": _OFFICE_STAFF,
        "partners.move": _OFFICE_STAFF,
        "partners.delete": _SECRETARY,
        "partners.export": _OFFICE_STAFF | {Role.OFFICE},
        # The rota of the posts: their own people plan it, and so may the office.
        "duties.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "duties.see_own": _CONTACTS,
        "duties.edit": _OFFICE_STAFF,
        "duties.edit_own": _CONTACTS,
        "duties.delete": _OFFICE_STAFF,
        "duties.delete_own": _CONTACTS,
        "duties.export": _OFFICE_STAFF,
        "duties.reveal": _AT_THE_DESK | {Role.STEWARD},
        # What is found at the posts, or on the way.
        "incipient.see": _OFFICE_STAFF | {Role.STEWARD, Role.MEDIATOR, Role.OFFICE},
        "incipient.see_own": _CONTACTS,
        "incipient.edit": _OFFICE_STAFF,
        "incipient.edit_own": _CONTACTS,
        "incipient.move": _OFFICE_STAFF,
        "incipient.move_own": _CONTACTS,
        "incipient.delete": _SECRETARY,
        "incipient.export": _OFFICE_STAFF,
        "incipient.reveal": _AT_THE_DESK,
        # What property companies report: their contacts write and submit, the community hears.
        "progress.see": _STAFF,
        "progress.see_own": _CONTACTS,
        "progress.edit": _OFFICE_STAFF,
        "progress.edit_own": _CONTACTS,
        "progress.submit": _OFFICE_STAFF,
        "progress.submit_own": _CONTACTS,
        "progress.move": _OFFICE_STAFF,
        "progress.delete": _SECRETARY,
        "progress.export": _OFFICE_STAFF | {Role.OFFICE},
        # Rounds in which outstanding stewards are chosen.
        "selections.see": _OFFICE_STAFF | {Role.OFFICE},
        "selections.edit": _OFFICE_STAFF,
        "selections.move": _OFFICE_STAFF,
        "selections.delete": _SECRETARY,
        "selections.export": _OFFICE_STAFF,
        "selections.reveal": _AT_THE_DESK,
        # Days on which the community works although others rest, or the other way round.
        "calendar.see": _OFFICE_STAFF | {Role.OFFICE},
        "calendar.edit": _OFFICE_STAFF,
        "calendar.delete": _OFFICE_STAFF,
        "calendar.export": _OFFICE_STAFF | {Role.OFFICE},
        # The figures of communities side by side; each sees those of the own ones.
        "figures.compare": _OFFICE_STAFF | {Role.OFFICE},
        # What the city's hotline hands down each month: whole numbers, nobody's call.
        "hotline.see": _OFFICE_STAFF | {Role.OFFICE},
        "hotline.edit": _OFFICE_STAFF,
        "hotline.delete": _OFFICE_STAFF,
        "hotline.export": _OFFICE_STAFF | {Role.OFFICE},
        # Identity numbers, where a community has turned them on.
        "identity.see": _AT_THE_DESK,
        "identity.edit": _AT_THE_DESK,
        "identity.reveal": _AT_THE_DESK,
        "identity.delete": _AT_THE_DESK,
        "accounts.see": _SECRETARY,
        "accounts.edit": {Role.INSTALLATION},
        "accounts.delete": {Role.INSTALLATION},
        # Everybody has keys of their own; which rows is the queryset's business.
        "api_keys.see": _EVERYBODY,
        "api_keys.edit": _EVERYBODY,
        "api_keys.delete": _NOBODY,
        "education.see": _STAFF,
        "education.see_published": _EVERYBODY,
        "education.edit": _OFFICE_STAFF,
        "education.delete": _SECRETARY,
        "education.move": _OFFICE_STAFF,
        "education.export": _OFFICE_STAFF | {Role.OFFICE},
        # Views of lists and saved exports: everybody has their own; sharing one with a role is said
        # by whoever answers for the community.
        "views.see": _EVERYBODY,
        "views.edit": _EVERYBODY,
        "views.delete": _EVERYBODY,
        "views.share": {Role.SECRETARY},
        # Registrations: everybody their own, staff those of others.
        "registrations.register": _EVERYBODY,
        "registrations.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "registrations.edit": _OFFICE_STAFF | {Role.STEWARD},
        "registrations.move": _OFFICE_STAFF | {Role.STEWARD},
        "registrations.delete": _NOBODY,
        "registrations.export": _OFFICE_STAFF,
        "registrations.reveal": _AT_THE_DESK | {Role.STEWARD},
        # The ledger at the door; a steward helps there.
        "checkins.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "checkins.edit": _OFFICE_STAFF | {Role.STEWARD},
        "checkins.delete": _NOBODY,
        "checkins.export": _OFFICE_STAFF,
        "checkins.reveal": _AT_THE_DESK | {Role.STEWARD},
        # What neighbours can book, and when: everybody in the community sees it.
        "services.see": _EVERYBODY,
        "services.edit": _OFFICE_STAFF,
        "services.move": _OFFICE_STAFF,
        "services.delete": _SECRETARY,
        "services.export": _OFFICE_STAFF | {Role.OFFICE},
        "services.reveal": _AT_THE_DESK | {Role.STEWARD},
        # Bookings: everybody their own, staff those of others.
        "bookings.book": _EVERYBODY,
        "bookings.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        # Who provides a service sees who is coming, and says who came.
        "bookings.see_own": _CONTACTS,
        "bookings.serve": _OFFICE_STAFF | {Role.STEWARD},
        "bookings.serve_own": _CONTACTS,
        "bookings.edit": _OFFICE_STAFF | {Role.STEWARD},
        "bookings.move": _OFFICE_STAFF | {Role.STEWARD},
        "bookings.delete": _NOBODY,
        "bookings.export": _OFFICE_STAFF,
        "bookings.reveal": _AT_THE_DESK | {Role.STEWARD},
        # Volunteers: everybody applies for themselves, answers what they are asked for, and tells
        # the own hours; nobody judges the own ones, whatever their role.
        "volunteers.apply": _EVERYBODY,
        "volunteers.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "volunteers.edit": _OFFICE_STAFF,
        "volunteers.move": _OFFICE_STAFF,
        "volunteers.delete": _SECRETARY,
        "volunteers.export": _OFFICE_STAFF,
        "volunteers.reveal": _AT_THE_DESK | {Role.STEWARD},
        "volunteer_teams.see": _EVERYBODY,
        "volunteer_teams.edit": _OFFICE_STAFF,
        "volunteer_teams.delete": _SECRETARY,
        "volunteer_teams.export": _OFFICE_STAFF | {Role.OFFICE},
        "assignments.answer": _EVERYBODY,
        "assignments.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "assignments.edit": _OFFICE_STAFF,
        "assignments.move": _OFFICE_STAFF,
        "assignments.delete": _SECRETARY,
        "assignments.export": _OFFICE_STAFF,
        "service_hours.submit": _EVERYBODY,
        "service_hours.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "service_hours.edit": _OFFICE_STAFF,
        "service_hours.verify": _AT_THE_DESK,
        "service_hours.delete": _SECRETARY,
        "service_hours.export": _OFFICE_STAFF,
        # Certificates and honours: nobody has the own ones in hand, whatever their role. A paper
        # bears the name in full, so who prints one for others sees names in full.
        "certificates.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "certificates.edit": _OFFICE_STAFF,
        "certificates.move": _OFFICE_STAFF,
        "certificates.template": _SECRETARY,
        "certificates.delete": _NOBODY,
        "certificates.export": _OFFICE_STAFF,
        "certificates.reveal": _AT_THE_DESK,
        "honours.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "honours.edit": _OFFICE_STAFF,
        "honours.move": _OFFICE_STAFF,
        "honours.delete": _NOBODY,
        "honours.export": _OFFICE_STAFF,
        "honour_levels.see": _EVERYBODY,
        "honour_levels.edit": _SECRETARY,
        "honour_levels.delete": _SECRETARY,
        "honour_levels.export": _OFFICE_STAFF | {Role.OFFICE},
        # The neighbours' festival: everybody sees what has been announced.
        "festivals.see": _STAFF,
        "festivals.see_published": _EVERYBODY,
        "festivals.edit": _OFFICE_STAFF,
        "festivals.move": _OFFICE_STAFF,
        "festivals.delete": _SECRETARY,
        "festivals.export": _OFFICE_STAFF | {Role.OFFICE},
        # Its stalls, what is brought, and how many came.
        "stalls.see": _STAFF,
        "stalls.edit": _OFFICE_STAFF,
        "stalls.delete": _OFFICE_STAFF,
        "stalls.export": _OFFICE_STAFF | {Role.OFFICE},
        # Cool stations: everybody sees where they are, when they are open, and what there is.
        "stations.see": _EVERYBODY,
        "stations.edit": _OFFICE_STAFF,
        "stations.move": _OFFICE_STAFF,
        "stations.delete": _OFFICE_STAFF,
        "stations.export": _OFFICE_STAFF | {Role.OFFICE},
        # Their ledger only grows; the body that runs a station keeps its own, and refills it.
        "supplies.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "supplies.see_own": _CONTACTS,
        "supplies.edit": _OFFICE_STAFF | {Role.STEWARD},
        "supplies.edit_own": _CONTACTS,
        "supplies.delete": _NOBODY,
        "supplies.export": _OFFICE_STAFF | {Role.OFFICE},
        "refills.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "refills.see_own": _CONTACTS,
        "refills.edit": _OFFICE_STAFF,
        "refills.move": _OFFICE_STAFF,
        # An entry in does it, by whoever may write one.
        "refills.finish": _NOBODY,
        "refills.delete": _NOBODY,
        "refills.export": _OFFICE_STAFF | {Role.OFFICE},
        # Sign-in lists: who came. Stewards see those of their own estate.
        "attendance.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "attendance.edit": _OFFICE_STAFF,
        "attendance.delete": _OFFICE_STAFF,
        "attendance.export": _OFFICE_STAFF,
        "attendance.reveal": _AT_THE_DESK | {Role.STEWARD},
        # Evidence: who stands on the stairs photographs the sheet and the crowd, and changes no row.
        "attendance.attach": _OFFICE_STAFF | {Role.STEWARD},
        # Joint meetings: the community's bodies meet in public, staff prepare, the party committee
        # alone calls people together.
        "meetings.see": _STAFF,
        "meetings.edit": _OFFICE_STAFF,
        "meetings.move": _OFFICE_STAFF,
        "meetings.convene": {Role.SECRETARY},
        "meetings.delete": _SECRETARY,
        "meetings.export": _OFFICE_STAFF | {Role.OFFICE},
        "meeting_rules.see": _STAFF,
        "meeting_rules.edit": _SECRETARY,
        "meeting_rules.delete": _NOBODY,
        "seats.see": _STAFF,
        "seats.edit": _OFFICE_STAFF,
        "seats.delete": _SECRETARY,
        "seats.export": _OFFICE_STAFF,
        "seats.reveal": _AT_THE_DESK,
        # The roll only grows.
        "roll.see": _OFFICE_STAFF | {Role.OFFICE},
        "roll.edit": _OFFICE_STAFF,
        "roll.delete": _NOBODY,
        "roll.export": _OFFICE_STAFF,
        "roll.reveal": _AT_THE_DESK,
        # Staff see all; a body's contact those of the own body, reports on them and adds evidence.
        "action_items.see": _STAFF,
        "action_items.see_own": _CONTACTS,
        "action_items.report_own": _CONTACTS,
        "action_items.edit": _OFFICE_STAFF,
        "action_items.move": _OFFICE_STAFF,
        "action_items.delete": _SECRETARY,
        "action_items.export": _OFFICE_STAFF | {Role.OFFICE},
        "action_progress.see": _STAFF,
        "action_progress.see_own": _CONTACTS,
        "action_progress.edit": _OFFICE_STAFF,
        "action_progress.attach": _OFFICE_STAFF,
        "action_progress.attach_own": _CONTACTS,
        "action_progress.delete": _NOBODY,
        # Rounds of the grids: whoever stands on the stairs walks them, the street office reads.
        "patrols.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "patrols.walk": _AT_THE_DESK | {Role.STEWARD},
        "patrols.attach": _AT_THE_DESK | {Role.STEWARD},
        "patrols.edit": _OFFICE_STAFF,
        "patrols.delete": _NOBODY,
        "patrols.export": _OFFICE_STAFF | {Role.OFFICE},
        # The evening's digests, and the groups that got them.
        "digests.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "digests.edit": _OFFICE_STAFF,
        "digests.move": _OFFICE_STAFF,
        "digests.delete": _SECRETARY,
        "digests.export": _OFFICE_STAFF | {Role.OFFICE},
        # The notice board: staff write, the party committee publishes and takes down.
        "notices.see": _STAFF,
        "notices.see_published": _EVERYBODY,
        "notices.edit": _OFFICE_STAFF,
        "notices.move": _OFFICE_STAFF,
        "notices.publish": {Role.SECRETARY},
        "notices.delete": _SECRETARY,
        "notices.export": _OFFICE_STAFF | {Role.OFFICE},
        # Rooms and who owns them: what owners' votes are counted by.
        "owner_register.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "owner_register.edit": _OFFICE_STAFF,
        "owner_register.delete": _SECRETARY,
        "owner_register.export": _OFFICE_STAFF,
        "owner_register.reveal": _AT_THE_DESK | {Role.STEWARD},
        # Owners' votes: the body that organizes one (the owners' committee) holds it, by its contacts;
        # what everybody reads is the community's to publish.
        "owner_votes.see": _STAFF,
        "owner_votes.see_own": _CONTACTS,
        "owner_votes.edit": _OFFICE_STAFF,
        "owner_votes.move": _OFFICE_STAFF,
        "owner_votes.move_own": _CONTACTS,
        "owner_votes.publish": _OFFICE_STAFF,
        "owner_votes.delete": _SECRETARY,
        "owner_votes.export": _OFFICE_STAFF | {Role.OFFICE},
        # How somebody voted is seen by those who enter it, and by nobody else.
        "owner_ballots.see": _OFFICE_STAFF,
        "owner_ballots.see_own": _CONTACTS,
        "owner_ballots.edit": _OFFICE_STAFF,
        "owner_ballots.edit_own": _CONTACTS,
        "owner_ballots.delete": _SECRETARY,
        "owner_ballots.export": _OFFICE_STAFF,
        # Demands: everybody brings forward their own; staff register and see those of others, a
        # steward those of the own estate. The body that handles one sees it, and works on it.
        "demands.bring": _EVERYBODY,
        "demands.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "demands.see_own": _CONTACTS,
        "demands.edit": _OFFICE_STAFF | {Role.STEWARD},
        "demands.move": _OFFICE_STAFF | {Role.STEWARD},
        "demands.handle": _OFFICE_STAFF | {Role.STEWARD},
        "demands.handle_own": _CONTACTS,
        # Taking an imported ledger back does it, by whoever may.
        "demands.void": _NOBODY,
        "demands.delete": _NOBODY,
        "demands.export": _OFFICE_STAFF,
        "demands.reveal": _AT_THE_DESK | {Role.STEWARD},
        "demand_categories.see": _EVERYBODY,
        "demand_categories.edit": _OFFICE_STAFF,
        "demand_categories.delete": _SECRETARY,
        "demand_categories.export": _OFFICE_STAFF | {Role.OFFICE},
        "demand_rules.see": _STAFF,
        "demand_rules.edit": _SECRETARY,
        "demand_rules.delete": _NOBODY,
        # An attachment is seen by those who see its record, added by those who may change it, or
        # may attach where the record's area says who that is.
        "files.see": _EVERYBODY,
        "files.edit": _STAFF,
        "files.delete": _OFFICE_STAFF,
        # Templates and the delivery log; everybody's own inbox needs no grant.
        "messaging.see": _OFFICE_STAFF,
        "messaging.edit": _OFFICE_STAFF,
        "messaging.move": _OFFICE_STAFF,
        "messaging.delete": _SECRETARY,
        "imports.see": _OFFICE_STAFF,
        "imports.edit": _OFFICE_STAFF,
        "imports.move": _OFFICE_STAFF,
        # What was said of the columns of staff's own sheets, for the next ones.
        "mappings.see": _OFFICE_STAFF,
        "mappings.edit": _OFFICE_STAFF,
        "mappings.delete": _OFFICE_STAFF,
        "jobs.see": _OFFICE_STAFF,
        "jobs.edit": _OFFICE_STAFF,
        "jobs.move": _OFFICE_STAFF,
        "jobs.delete": _NOBODY,
        # Who read, exported and imported what; retention; what people ask of their own data.
        "privacy.see": _SECRETARY | {Role.OFFICE},
        "privacy.edit": _SECRETARY,
        "privacy.move": _SECRETARY,
        "privacy.delete": _NOBODY,
        "privacy.erase": {Role.SECRETARY},
        # What somebody asks of their own data, taken down at the desk; everybody sees their own.
        "requests.see": _AT_THE_DESK | {Role.OFFICE},
        "requests.edit": _AT_THE_DESK,
        "requests.move": _AT_THE_DESK,
        "requests.delete": _NOBODY,
        "requests.reveal": _AT_THE_DESK,
        # Opening a community from one workbook: the street office, in its own subdistrict.
        "founding.see": {Role.OFFICE, Role.INSTALLATION},
        "founding.edit": {Role.OFFICE, Role.INSTALLATION},
        "founding.move": {Role.OFFICE, Role.INSTALLATION},
        "founding.delete": _NOBODY,
        "history.see": _SECRETARY,
    }.items()
}


def roles_granted(action: str) -> frozenset[Role]:
    """The roles that may do `action`. Raises KeyError for an action that the table lacks."""
    return GRANTS[action]


# What a "see" of these areas shows: names, phones, doors.
_PERSONAL = (
    *("people", "organizations", "attendance", "registrations", "checkins", "identity"),
    *("owner_register", "volunteers"),
)
SEES_PEOPLE: Final[frozenset[Role]] = frozenset().union(
    *(GRANTS[f"{area}.see"] for area in _PERSONAL)
)
