"""The choices that registrations and check-ins share with the main API."""

import strawberry

from backend.education.choices import (
    CheckInKind,
    CheckInSource,
    RegistrationSource,
    RegistrationStatus,
)

__all__ = ["CheckInKind", "CheckInSource", "RegistrationSource", "RegistrationStatus"]

strawberry.enum(RegistrationStatus, description="The states of a registration.")
strawberry.enum(RegistrationSource, description="How a registration came in.")
strawberry.enum(CheckInKind, description="签到 / 离场 / 撤销签到")
strawberry.enum(CheckInSource, description="How somebody was found at the door.")
