"""Verbs that set registers up, and change what staff have drafted."""

from typing import Any

import strawberry
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.core.errors import not_found
from backend.education.models import Venue as VenueRecord
from backend.meetings.models import AgendaItem as AgendaItemRecord
from backend.meetings.models import JointMeeting as JointMeetingRecord
from backend.partners.models import CoBuildingAgreement as AgreementRecord
from backend.partners.models import IncipientIssue as IssueRecord
from backend.partners.models import VanguardPost as PostRecord
from backend.people.models import Organization
from backend.people.queries import community_of
from backend.services.models import ServiceCategory
from backend.services.models import ServiceItem as ServiceItemRecord
from backend.stations import models as stations
from schema.main import setting_up_inputs as inputs
from schema.main.base import InputError, chosen, visible
from schema.main.education import Venue
from schema.main.meeting_verbs import AgendaItemAnswer, JointMeetingAnswer
from schema.main.partners import CoBuildingAgreementAnswer, IncipientIssueAnswer, VanguardPostAnswer
from schema.main.services import ServiceItemAnswer
from schema.main.station_types import OpeningHours, StationStock
from schema.main.stations import CoolStationAnswer
from schema.main.verb_shapes import changed, removed, said
from schema.main.verbs import Verbs


@strawberry.type
class VenueAnswer:
    """The venue as it now stands, or what was wrong."""

    errors: list[InputError]
    venue: Venue | None = None


@strawberry.type
class OpeningHoursAnswer:
    """The hours, or what was wrong."""

    errors: list[InputError]
    hours: OpeningHours | None = None


@strawberry.type
class StationStockAnswer:
    """The stock as it now stands, or what was wrong."""

    errors: list[InputError]
    stock: StationStock | None = None


VENUES = Verbs(VenueRecord, VenueAnswer, "venue")
HOURS = Verbs(stations.OpeningHours, OpeningHoursAnswer, "hours")
STOCKS = Verbs(stations.StationStock, StationStockAnswer, "stock")
STATIONS = Verbs(stations.CoolStation, CoolStationAnswer, "station")
ITEMS = Verbs(ServiceItemRecord, ServiceItemAnswer, "service_item")
MEETINGS = Verbs(JointMeetingRecord, JointMeetingAnswer, "meeting")
AGENDA = Verbs(AgendaItemRecord, AgendaItemAnswer, "item")
AGREEMENTS = Verbs(AgreementRecord, CoBuildingAgreementAnswer, "agreement")
POSTS = Verbs(PostRecord, VanguardPostAnswer, "post")
ISSUES = Verbs(IssueRecord, IncipientIssueAnswer, "issue")
_STATION = ("name", "place", "season_from", "season_to", "on_holiday", "refill_days", "summary")
_ITEM = (
    *("title", "summary", "prerequisites", "place", "capacity", "days_ahead", "cancel_hours"),
    *("quota", "needs_approval", "waitlist_on", "hold_hours"),
)
_AGREEMENT = ("title", "signed_on", "starts_on", "ends_on", "remind_days", "remark")
_ISSUE = ("place", "kind", "description", "found_on")


@strawberry.type
class SettingUpMutation:
    @strawberry.mutation(description="A new cool station; it begins as OPEN.")
    def create_cool_station(
        self, info: Info, input: inputs.CreateCoolStationInput
    ) -> CoolStationAnswer:
        def make(by: Actor) -> stations.CoolStation:
            row = stations.CoolStation(
                community=community_of(by.user, input.community), **said(input, _STATION)
            )
            if input.organization_id is not None:
                row.organization = chosen(Organization, input.organization_id, info)
            return gate.save(row, by=by)

        return STATIONS.made(info, input, "createCoolStation", make)

    @strawberry.mutation(description="Changes a station, never its state.")
    def update_cool_station(
        self, info: Info, input: inputs.UpdateCoolStationInput
    ) -> CoolStationAnswer:
        return changed(
            STATIONS, info, input.station_id, input, _STATION, {"organization_id": Organization}
        )

    @strawberry.mutation(description="A station is open on one more part of a weekday.")
    def add_opening_hours(
        self, info: Info, input: inputs.AddOpeningHoursInput
    ) -> OpeningHoursAnswer:
        def make(by: Actor) -> stations.OpeningHours:
            station = chosen(stations.CoolStation, input.station_id, info)
            row = stations.OpeningHours(
                community_id=station.community_id,
                station=station,
                **said(input, ("weekday", "opens", "closes")),
            )
            return gate.save(row, by=by)

        return HOURS.made(info, input, "addOpeningHours", make)

    @strawberry.mutation(description="Takes hours of a station away.")
    def remove_opening_hours(
        self, info: Info, input: inputs.RemoveOpeningHoursInput
    ) -> OpeningHoursAnswer:
        return removed(HOURS, info, input.hours_id)

    @strawberry.mutation(description="A station keeps one more supply; there is none of it yet.")
    def add_station_stock(
        self, info: Info, input: inputs.AddStationStockInput
    ) -> StationStockAnswer:
        def make(by: Actor) -> stations.StationStock:
            station = chosen(stations.CoolStation, input.station_id, info)
            known = visible(stations.Supply, info).filter(community_id=station.community_id)
            supply = known.filter(code=input.supply).first()
            if supply is None:
                raise not_found("这种物资")
            row = stations.StationStock(
                community_id=station.community_id,
                station=station,
                supply=supply,
                refill_at=input.refill_at,
            )
            return gate.save(row, by=by)

        return STOCKS.made(info, input, "addStationStock", make)

    @strawberry.mutation(description="At how many a refill is raised; never how many there are.")
    def update_station_stock(
        self, info: Info, input: inputs.UpdateStationStockInput
    ) -> StationStockAnswer:
        return changed(STOCKS, info, input.stock_id, input, ("refill_at",))

    @strawberry.mutation(
        description="A new item of the services; it can be booked once it has slots."
    )
    def create_service_item(
        self, info: Info, input: inputs.CreateServiceItemInput
    ) -> ServiceItemAnswer:
        def make(by: Actor) -> ServiceItemRecord:
            row = ServiceItemRecord(
                community=community_of(by.user, input.community),
                category=chosen(ServiceCategory, input.category_id, info),
                **said(input, _ITEM),
            )
            if input.provider_id is not None:
                row.provider = chosen(Organization, input.provider_id, info)
            return gate.save(row, by=by)

        return ITEMS.made(info, input, "createServiceItem", make)

    @strawberry.mutation(description="Changes an item of the services, never its state.")
    def update_service_item(
        self, info: Info, input: inputs.UpdateServiceItemInput
    ) -> ServiceItemAnswer:
        links: Any = {"category_id": ServiceCategory, "provider_id": Organization}

        return changed(ITEMS, info, input.item_id, input, _ITEM, links)

    @strawberry.mutation(description="A new venue.")
    def create_venue(self, info: Info, input: inputs.CreateVenueInput) -> VenueAnswer:
        def make(by: Actor) -> VenueRecord:
            row = VenueRecord(
                community=community_of(by.user, input.community),
                **said(input, ("name", "kind", "place")),
            )
            return gate.save(row, by=by)

        return VENUES.made(info, input, "createVenue", make)

    @strawberry.mutation(description="Changes a meeting that nobody has been called to.")
    def update_joint_meeting(
        self, info: Info, input: inputs.UpdateJointMeetingInput
    ) -> JointMeetingAnswer:
        names = ("title", "starts_at", "place", "chair", "remark")
        return changed(MEETINGS, info, input.meeting_id, input, names)

    @strawberry.mutation(description="Changes an item of an agenda, never its state or place.")
    def update_agenda_item(
        self, info: Info, input: inputs.UpdateAgendaItemInput
    ) -> AgendaItemAnswer:
        names = ("title", "kind", "presenter", "background")
        return changed(AGENDA, info, input.item_id, input, names)

    @strawberry.mutation(description="Changes the draft of an agreement; what is signed stays.")
    def update_co_building_agreement(
        self, info: Info, input: inputs.UpdateCoBuildingAgreementInput
    ) -> CoBuildingAgreementAnswer:
        return changed(AGREEMENTS, info, input.agreement_id, input, _AGREEMENT)

    @strawberry.mutation(description="Changes a vanguard post: its name and place.")
    def update_vanguard_post(
        self, info: Info, input: inputs.UpdateVanguardPostInput
    ) -> VanguardPostAnswer:
        return changed(POSTS, info, input.post_id, input, ("name", "place"))

    @strawberry.mutation(description="Changes an issue that is not settled.")
    def update_incipient_issue(
        self, info: Info, input: inputs.UpdateIncipientIssueInput
    ) -> IncipientIssueAnswer:
        return changed(ISSUES, info, input.issue_id, input, _ISSUE)
