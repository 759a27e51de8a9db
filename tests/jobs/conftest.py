"""Kinds of jobs that the tests run."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backend.core import gate
from backend.core.errors import RuleViolation
from backend.jobs import kinds
from backend.jobs.kinds import JobContext, job_kind
from backend.places.models import Estate


@pytest.fixture
def ran() -> list[str]:
    """What the jobs of a test have done, in order."""
    return []


@pytest.fixture
def on_the_way() -> list[Callable[[], Any]]:
    """What happens elsewhere while a job of a test is at its first estate."""
    return []


@pytest.fixture
def some_kinds(ran: list[str], on_the_way: list[Callable[[], Any]]) -> Iterator[None]:
    """Kinds for one test: they write estates, a thing that one can count."""
    before = dict(kinds._KINDS)

    @job_kind("write_estates", title="登记小区")
    def write_estates(context: JobContext) -> str:
        names = context.arguments["names"]
        for done, name in enumerate(names, 1):
            gate.save(
                Estate(community_id=context.community_id, code=name, name=name), by=context.actor
            )
            while on_the_way:
                on_the_way.pop()()
            context.progress(done, len(names), "write")
        ran.append(context.actor.name)
        return f"登记了 {len(names)} 个"

    @job_kind("write_and_fail", title="登记后出错")
    def write_and_fail(context: JobContext) -> None:
        gate.save(Estate(community_id=context.community_id, code="x", name="x"), by=context.actor)
        raise ValueError("张三 13812345678")

    @job_kind("write_and_refuse", title="登记后退回", cancellable=False)
    def write_and_refuse(context: JobContext) -> None:
        gate.save(Estate(community_id=context.community_id, code="x", name="x"), by=context.actor)
        raise RuleViolation("event_not_open", "活动还没有开放报名。")

    @job_kind("tell_a_phone", title="结果里有电话")
    def tell_a_phone(context: JobContext) -> str:
        return "已给 13812345678 发短信"

    yield
    kinds._KINDS.clear()
    kinds._KINDS.update(before)


def estates(**values: Any) -> list[str]:
    """The codes of the estates that there are."""
    return sorted(Estate.objects.filter(**values).values_list("code", flat=True))
