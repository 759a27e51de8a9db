"""The communities' own Word templates of minutes."""

from backend.core.access import Actor
from backend.core.own_templates import OwnTemplate
from backend.meetings.template_model import MinutesTemplate
from backend.meetings.word_later import word

MINUTES = OwnTemplate(
    MinutesTemplate, "meeting_rules.edit", "minutes template", lambda: word().FORM
)


def replace_template(community_id: int, name: str, content: bytes, *, by: Actor) -> MinutesTemplate:
    """The community's own template. Raises: not_allowed; what `WordForm.is_harmless` refuses."""
    made: MinutesTemplate = MINUTES.replace(community_id, name, content, by=by)
    return made


def drop_template(community_id: int, *, by: Actor) -> None:
    """Goes back to the default template. Raises: not_allowed."""
    MINUTES.drop(community_id, by=by)
