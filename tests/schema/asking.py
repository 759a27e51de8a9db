"""Questions put to the two APIs over HTTP, as their callers put them."""

from typing import Any

from django.test import Client

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
