"""Every example of docs/api/jobs.md is a request that works."""

import pytest
from strawberry.relay import to_base64

from backend.core.access import Actor
from backend.jobs import actions
from backend.jobs.kinds import all_kinds
from backend.people.models import User
from backend.places.models import Community
from tests.docs.blocks import Example, examples_of
from tests.docs.codes import ROOT
from tests.schema.asking import caller, data

PAGE = (ROOT / "docs" / "api" / "jobs.md").read_text(encoding="utf-8")
EXAMPLES = examples_of(PAGE)


@pytest.mark.django_db
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_of_the_page_works(example: Example, worker: User, community: Community) -> None:
    by = Actor.of(worker, "test")
    job = actions.start("import_plan", community=community, by=by, arguments={"batch": "none"})
    if example.name == "Retry":
        actions.cancel(job, by=by)
    asked = {"id": to_base64("Job", job.pk)} if "$id" in example.query else {}
    answer = data(caller(worker), example.query, **asked)
    for thing in answer.values():
        assert thing, "an example that answers nothing shows nothing"
        assert thing.get("errors", []) == []
    if example.name == "Jobs":
        assert answer["jobs"]["totalCount"] == 1


def test_the_page_has_its_examples() -> None:
    assert [example.name for example in EXAMPLES] == ["Job", "Jobs", "Cancel", "Retry"]


def test_the_page_names_every_kind() -> None:
    for kind in all_kinds():
        assert f"`{kind.name}`" in PAGE
