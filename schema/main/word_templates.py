"""A community's own Word templates in the main API: of its minutes, and of its certificates."""

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from django.core.files.uploadedfile import UploadedFile
from strawberry.file_uploads import Upload as UploadScalar
from strawberry.types import Info

from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.meetings import templating as minutes
from backend.people.queries import community_of
from backend.volunteers import templating as certificates
from schema.main.base import InputError, actor, answer
from schema.main.setting_up_inputs import COMMUNITY

# One more than is allowed: no more is read than is looked at.
_MOST_READ = 1_000_001


@strawberry.enum(description="What a Word template is for: 会议纪要, 志愿服务证明.")
class WordTemplateOf(Enum):
    MINUTES = "minutes"
    CERTIFICATE = "certificate"


@strawberry.type(description="A community's own template, in place of the one that is built in.")
class WordTemplate:
    of: WordTemplateOf
    name: str = strawberry.field(description="What the file was called.")
    replaced_at: datetime
    replaced_by: str = strawberry.field(description="The account that put it there.")


@strawberry.input
class ReplaceWordTemplateInput:
    """A .docx file with the words that stand on the page of the template."""

    community: str = strawberry.field(description=COMMUNITY)
    of: WordTemplateOf
    file: UploadScalar = strawberry.field(
        description="By the multipart request specification: .docx, to 1 MB."
    )


@strawberry.input
class DropWordTemplateInput:
    """A community's own template, which is to go."""

    community: str = strawberry.field(description=COMMUNITY)
    of: WordTemplateOf


@strawberry.type
class WordTemplateAnswer:
    """The community's own template (null once dropped), or what was wrong."""

    errors: list[InputError]
    template: WordTemplate | None = None


@strawberry.type
class WordTemplatesMutation:
    @strawberry.mutation(
        description="Puts a community's own Word template in place; it is tried with samples first."
    )
    def replace_word_template(
        self, info: Info, input: ReplaceWordTemplateInput
    ) -> WordTemplateAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            community = community_of(by.user, input.community)
            row = _replaced(input.of, community.pk, input.file, by)
            shown = WordTemplate(
                of=input.of,
                name=row.name,
                replaced_at=row.replaced_at,
                replaced_by=row.replaced_by,
            )
            return {"template": shown}

        return answer(WordTemplateAnswer, do)

    @strawberry.mutation(description="The template that is built in holds again.")
    def drop_word_template(self, info: Info, input: DropWordTemplateInput) -> WordTemplateAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            community = community_of(by.user, input.community)
            drop = {
                WordTemplateOf.MINUTES: minutes.drop_template,
                WordTemplateOf.CERTIFICATE: certificates.drop_template,
            }
            drop[input.of](community.pk, by=by)
            return {}

        return answer(WordTemplateAnswer, do)


def _replaced(of: WordTemplateOf, community_id: int, upload: Any, by: Actor) -> Any:
    if not isinstance(upload, UploadedFile):
        raise RuleViolation("required", "没有收到文件，请按 multipart 规范上传。", field="file")
    name, content = str(upload.name), upload.read(_MOST_READ)
    if of is WordTemplateOf.CERTIFICATE:
        return certificates.replace_template(community_id, name, content, by=by)
    return minutes.replace_template(community_id, name, content, by=by)
