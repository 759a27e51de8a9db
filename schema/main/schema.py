"""The main API: merged roots, optimizer, limits."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any

import strawberry
from django.utils import timezone
from graphql import GraphQLError
from strawberry.extensions import (
    AddValidationRules,
    MaxTokensLimiter,
    ParserCache,
    ValidationCache,
)
from strawberry.extensions.query_depth_limiter import create_validator
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter
from strawberry.schema.types.base_scalars import DateTimeDefinition, TimeDefinition
from strawberry.tools import merge_types
from strawberry.types.arguments import StrawberryArgument
from strawberry_django.optimizer import DjangoOptimizerExtension
from strawberry_django.ordering import ORDERING_ARG

from schema.main.account_verbs import AccountVerbsMutation
from schema.main.accounts import AccountsMutation, AccountsQuery
from schema.main.action_item_verbs import ActionItemsMutation
from schema.main.by_code import ByCodeQuery
from schema.main.certificates import CertificatesMutation, CertificatesQuery
from schema.main.compiled.extension import CompiledReads
from schema.main.costs import MAX_PAGE, Costs
from schema.main.counts import CountsQuery
from schema.main.demand_settings import DemandSettingsMutation, DemandSettingsQuery
from schema.main.demands import DemandsMutation, DemandsQuery
from schema.main.disclosures import DisclosuresMutation, DisclosuresQuery
from schema.main.education import EducationQuery
from schema.main.education_verbs import EducationMutation
from schema.main.enum_words import explain_enums
from schema.main.extensions import SafeErrors
from schema.main.festivals import FestivalsMutation, FestivalsQuery
from schema.main.files import FilesMutation, FilesQuery
from schema.main.headcounts import HeadcountsMutation
from schema.main.history import HistoryQuery
from schema.main.hotline import HotlineMutation, HotlineQuery
from schema.main.imports import ImportsMutation, ImportsQuery
from schema.main.indicators import IndicatorsQuery
from schema.main.jobs import JobsMutation, JobsQuery
from schema.main.live.fields import Subscription
from schema.main.many_verbs import ManyMutation
from schema.main.meeting_rules import MeetingSettingsMutation, MeetingSettingsQuery
from schema.main.meeting_verbs import MeetingsMutation
from schema.main.meetings import MeetingsQuery
from schema.main.message_templates import MessageTemplatesMutation, MessageTemplatesQuery
from schema.main.messaging import MessagingMutation, MessagingQuery
from schema.main.nodes import NodeQuery
from schema.main.notices import NoticesMutation, NoticesQuery
from schema.main.organization_verbs import OrganizationsMutation
from schema.main.organizations import OrganizationsQuery
from schema.main.owner_vote_verbs import OwnerVotesMutation
from schema.main.owner_votes import OwnerVotesQuery
from schema.main.partners import PartnersMutation, PartnersQuery
from schema.main.patrols import PatrolsMutation, PatrolsQuery
from schema.main.people import PeopleMutation, PeopleQuery
from schema.main.personal import LoggedReads
from schema.main.place_verbs import PlaceListsQuery, PlacesMutation
from schema.main.places import PlacesQuery
from schema.main.privacy import PrivacyMutation, PrivacyQuery
from schema.main.privacy_verbs import CommunityPrivacyQuery, PrivacyVerbsMutation
from schema.main.progress import ProgressMutation, ProgressQuery
from schema.main.registrations import RegistrationsMutation, RegistrationsQuery
from schema.main.role_appointments import RoleAppointmentsMutation, RoleAppointmentsQuery
from schema.main.selections import SelectionsMutation, SelectionsQuery
from schema.main.services import ServicesMutation, ServicesQuery
from schema.main.setting_up import SettingUpMutation
from schema.main.settings_verbs import SettingsMutation, SettingsQuery
from schema.main.slot_rules import SlotRulesMutation, SlotRulesQuery
from schema.main.stations import StationsMutation, StationsQuery
from schema.main.supplies import SuppliesMutation, SuppliesQuery
from schema.main.tombstones import TombstonesQuery
from schema.main.versions import VersionsMutation
from schema.main.volunteer_hour_verbs import ServiceHoursMutation
from schema.main.volunteer_verbs import VolunteersMutation
from schema.main.volunteers import VolunteersQuery
from schema.main.word_templates import WordTemplatesMutation
from schema.main.work import WorkQuery

FIRST_YEAR, LAST_YEAR = 1900, 9000
# A Relay hop burns about two levels: an ordinary query three hops deep needs more than ten.
MAX_DEPTH = 20
MAX_TOKENS = 2000
# One rule for all requests: the cache of validations knows a document by its rules, too.
_DEPTH = create_validator(MAX_DEPTH, None)


Query = merge_types(
    "Query",
    (
        NodeQuery,
        ByCodeQuery,
        PeopleQuery,
        PartnersQuery,
        NoticesQuery,
        PatrolsQuery,
        ProgressQuery,
        SelectionsQuery,
        OrganizationsQuery,
        PlacesQuery,
        PlaceListsQuery,
        EducationQuery,
        MeetingsQuery,
        OwnerVotesQuery,
        ImportsQuery,
        AccountsQuery,
        CertificatesQuery,
        DisclosuresQuery,
        FilesQuery,
        JobsQuery,
        MessagingQuery,
        PrivacyQuery,
        RegistrationsQuery,
        ServicesQuery,
        SlotRulesQuery,
        WorkQuery,
        VolunteersQuery,
        FestivalsQuery,
        StationsQuery,
        TombstonesQuery,
        CountsQuery,
        SettingsQuery,
        SuppliesQuery,
        DemandsQuery,
        DemandSettingsQuery,
        MessageTemplatesQuery,
        CommunityPrivacyQuery,
        MeetingSettingsQuery,
        HotlineQuery,
        IndicatorsQuery,
        RoleAppointmentsQuery,
        HistoryQuery,
    ),
)
Mutation = merge_types(
    "Mutation",
    (
        EducationMutation,
        ImportsMutation,
        AccountsMutation,
        CertificatesMutation,
        DisclosuresMutation,
        FilesMutation,
        JobsMutation,
        MeetingsMutation,
        ActionItemsMutation,
        OwnerVotesMutation,
        MessagingMutation,
        PartnersMutation,
        NoticesMutation,
        PatrolsMutation,
        ProgressMutation,
        SelectionsMutation,
        PeopleMutation,
        PrivacyMutation,
        RegistrationsMutation,
        ServicesMutation,
        SlotRulesMutation,
        VolunteersMutation,
        ServiceHoursMutation,
        FestivalsMutation,
        StationsMutation,
        ManyMutation,
        SettingUpMutation,
        PlacesMutation,
        SettingsMutation,
        OrganizationsMutation,
        HeadcountsMutation,
        SuppliesMutation,
        DemandsMutation,
        DemandSettingsMutation,
        AccountVerbsMutation,
        MessageTemplatesMutation,
        PrivacyVerbsMutation,
        MeetingSettingsMutation,
        VersionsMutation,
        WordTemplatesMutation,
        HotlineMutation,
        RoleAppointmentsMutation,
    ),
)


def _moment(given: Any) -> datetime:
    """A moment as callers write it. Raises GraphQLError for one at the end of time: no calendar,
    and not every database, can turn it into another time zone.
    """
    assert DateTimeDefinition.parse_value is not None
    found: datetime = DateTimeDefinition.parse_value(given)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        # Any other exception in a literal would be nobody's fault but ours: code `internal`.
        raise GraphQLError(f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间")
    return found


# Times leave with the offset of Asia/Shanghai: an app may show them as they are.
LocalDateTime = replace(
    DateTimeDefinition,
    serialize=lambda value: timezone.localtime(value).isoformat(),
    parse_value=_moment,
)


def _time_of_day(given: Any) -> time:
    """A time of the day as callers write it. Raises GraphQLError for one of some other time zone: it
    is the clock on the wall here, and the databases keep no other.
    """
    assert TimeDefinition.parse_value is not None
    found: time = TimeDefinition.parse_value(given)
    if found.tzinfo is not None:
        raise GraphQLError("时间不带时区，按当地时间填写，例如 09:30")
    return found


WallTime = replace(TimeDefinition, parse_value=_time_of_day)


class Names(NameConverter):
    """Every list takes `filters` and `order`: the library would call the second one `ordering`."""

    def from_argument(self, argument: StrawberryArgument) -> str:
        name = super().from_argument(argument)
        return "order" if name == ORDERING_ARG else name


class MainSchema(strawberry.Schema):
    """The schema, silent in its logs: error texts may hold personal data."""

    def __init__(self, *parts: Any, **more: Any) -> None:
        super().__init__(*parts, **more)
        explain_enums(self._schema)

    def process_errors(self, errors: list[Any], execution_context: Any = None) -> None:
        """SafeErrors has already written down what may be written down."""


schema = MainSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    config=StrawberryConfig(
        name_converter=Names(),
        relay_max_results=MAX_PAGE,
        scalar_map={datetime: LocalDateTime, time: WallTime},
        batching_config={"max_operations": 10},
    ),
    extensions=[
        ParserCache,
        ValidationCache,
        lambda: AddValidationRules([_DEPTH]),
        lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
        Costs,
        CompiledReads,
        DjangoOptimizerExtension,
        LoggedReads,
        SafeErrors,
    ],
)
