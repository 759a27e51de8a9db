"""The communities' own Word templates of minutes."""

from backend.core import gate
from backend.core.access import Actor
from backend.core.own_templates import NAME_LENGTH, OwnTemplate
from backend.meetings.template_model import MinutesTemplate
from backend.meetings.word_later import word

MINUTES = OwnTemplate(MinutesTemplate, "meeting_rules.edit", lambda: word().FORM)


def replace_template(community_id: int, name: str, content: bytes, *, by: Actor) -> MinutesTemplate:
    """The community's own template. Raises: not_allowed; what `WordForm.is_harmless` refuses."""
    with gate.change_set(
        "replace minutes template", by=by, community_id=community_id, reason=name[-NAME_LENGTH:]
    ):
        made: MinutesTemplate = MINUTES.replace(community_id, name, content, by)
    return made


def drop_template(community_id: int, *, by: Actor) -> None:
    """Goes back to the default template. Raises: not_allowed."""
    with gate.change_set("drop minutes template", by=by, community_id=community_id):
        MINUTES.drop(community_id, by)
