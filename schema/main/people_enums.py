"""The choices that the types and the inputs on people share."""

import strawberry

from backend.people.choices import ConsentMeans, ConsentPurpose, Gender, PhoneKind, Residence

strawberry.enum(Residence, description="Whether somebody lives here.")
strawberry.enum(PhoneKind, description="Whose telephone it is.")
strawberry.enum(ConsentPurpose, description="What somebody agrees to.")
strawberry.enum(ConsentMeans, description="How a consent was given.")
strawberry.enum(Gender, description="性别")

__all__ = ["ConsentMeans", "ConsentPurpose", "Gender", "PhoneKind", "Residence"]
