"""Several texts in one cell."""

from typing import Any

from django.db.models import Aggregate, TextField, Value


class Listed(Aggregate):
    """Texts in one, with 、 between them: the first expression, in the order of the second."""

    function = "STRING_AGG"
    arg_joiner = ", '、' ORDER BY "
    output_field = TextField()

    def __init__(self, text: str, order: str) -> None:
        super().__init__(text, order)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """SQLite before 3.44 orders no aggregate; it reads the rows as they were written."""
        alone = self.copy()
        alone.function, alone.arg_joiner = "GROUP_CONCAT", ", "
        alone.source_expressions = [self.source_expressions[0], Value("、")]
        return super(Listed, alone).as_sql(compiler, connection, **extra)
