"""One execution of a compiled operation: who asks, with which variables."""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo, get_argument_values
from graphql.language import FieldNode, FragmentDefinitionNode, OperationDefinitionNode
from graphql.pyutils import Path
from strawberry.schema.schema_converter import get_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info


@dataclass(frozen=True)
class Chosen:
    """A field where a document chose it, as GraphQL and as Strawberry know it."""

    field: StrawberryField
    declared: GraphQLField
    nodes: list[FieldNode]
    parent: GraphQLObjectType

    @property
    def name(self) -> str:
        return self.nodes[0].name.value


@dataclass(frozen=True)
class Operation:
    """The operation of a document that is compiled."""

    schema: Any
    definition: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]


@dataclass
class Asking:
    """Who asks, and with which variables; hooks of the schema's fields are given its `info`."""

    operation: Operation
    context: Any
    variables: dict[str, Any]

    def info(self, chosen: Chosen) -> Info:
        """What a resolver of the field would be given."""
        schema = self.operation.schema
        key = (chosen.nodes[0].alias or chosen.nodes[0].name).value
        raw = GraphQLResolveInfo(
            field_name=chosen.name,
            field_nodes=chosen.nodes,
            return_type=chosen.declared.type,
            parent_type=chosen.parent,
            path=Path(None, key, chosen.parent.name),
            schema=schema._schema,
            fragments=self.operation.fragments,
            root_value=None,
            operation=self.operation.definition,
            variable_values=self.variables,
            context=self.context,
            is_awaitable=lambda _: False,
        )
        info: Info = schema.config.info_class(_raw_info=raw, _field=chosen.field)
        return info

    def arguments(
        self, chosen: Chosen, info: Info, source: Any = None
    ) -> tuple[list[Any], dict[str, Any]]:
        """What the field's resolver is called with, in Python's terms.

        Raises: GraphQLError for what the schema does not take.
        """
        schema = self.operation.schema
        return get_arguments(
            field=chosen.field,
            source=source,
            info=info,
            kwargs=get_argument_values(chosen.declared, chosen.nodes[0], self.variables),
            config=schema.config,
            scalar_registry=schema.schema_converter.scalar_registry,
        )
