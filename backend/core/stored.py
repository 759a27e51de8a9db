"""What rows say as they are stored, for rules that let nothing of it change."""

from typing import Any, Self

from backend.core.facts import Facts


class StoredFacts(Facts):
    """Also what each known row says in the columns that its model calls `KEPT`."""

    stored: dict[Any, tuple[Any, ...]]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and one query more."""
        facts = super().gather(model, records)
        known = frozenset(record.id for record in records if record.id is not None)
        rows = model._default_manager.filter(pk__among=known).order_by()
        facts.stored = (
            {pk: tuple(told) for pk, *told in rows.values_list("pk", *model.KEPT)} if known else {}
        )
        return facts

    def before(self, record: Any) -> tuple[Any, ...] | None:
        """What a row said; None of a new one."""
        return self.stored.get(record.id) if record.id is not None else None


def told(record: Any) -> tuple[Any, ...]:
    """What a row would say in those columns."""
    return tuple(getattr(record, name) for name in record.KEPT)
