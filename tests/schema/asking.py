"""Questions put to the two APIs over HTTP, as their callers put them."""

from typing import Any

from django.test import Client
from strawberry.relay import to_base64

from schema.main.schema import schema as main_schema

MAIN, OPEN = "/graphql/", "/open-data/graphql/"


def caller(user: Any = None) -> Client:
    """A client signed in as `user`, or as nobody."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def ask(client: Client, query: str, address: str = MAIN, /, **variables: Any) -> dict[str, Any]:
    """The whole answer, `errors` and all."""
    body = {"query": query, "variables": variables}
    return client.post(address, body, content_type="application/json").json()


def data(client: Client, query: str, address: str = MAIN, /, **variables: Any) -> dict[str, Any]:
    """The data of an answer without errors."""
    answer = ask(client, query, address, **variables)
    assert "errors" not in answer, answer
    return answer["data"]


def code(answer: dict[str, Any]) -> str:
    """The code of an answer's one error."""
    (error,) = answer["errors"]
    return error["extensions"]["code"]


def nodes(connection: dict[str, Any]) -> list[Any]:
    """What a connection holds."""
    return [edge["node"] for edge in connection["edges"]]


def carried_out(client: Client, verb: str, wanted: str, **given: Any) -> dict[str, Any]:
    """What a mutation answers of the `wanted` fields, and the codes of its `errors`."""
    mutation: Any = main_schema._schema.mutation_type
    kind = mutation.fields[verb].args["input"].type
    query = f"mutation ($i: {kind}) {{ {verb}(input: $i) {{ {wanted} errors {{ code }} }} }}"
    found: dict[str, Any] = data(client, query, i=given)[verb]
    return found | {"errors": [error["code"] for error in found["errors"]]}


def id_of(row: Any) -> str:
    """The id by which the API knows a row."""
    return to_base64(type(row).__name__, row.pk)
