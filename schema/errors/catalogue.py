"""The catalogue: every code with its meaning in two languages, what to do, and who can answer it.

`words.json` holds what the source does not say: the English, what a caller does, the HTTP status. The
Chinese is the sentence that is answered, unless the words have one. `catalogue.json` is made of both by
`manage.py export_errors`, and served at /graphql/errors.json; docs/api/errors.md is made of it, too.
"""

import json
from functools import cache
from typing import Any

from schema.errors.files import WORDS
from schema.errors.reaching import Source
from schema.errors.speaking import Spoken
from schema.main.schema import schema

# Said within the import and turned into another code on the way out.
INNER = {"unknown_sheet"}
# More of the mutations than these: it is as good as all of them.
_NEARLY_ALL = 0.6

DOING = {
    "correct": "show `message` at `field`; the person corrects and sends again",
    "refetch": "read the object again and decide anew",
    "wait": "try again later",
    "sign_in": "sign in again, or show the second factor, and send the same again",
    "send_again": "send the same again",
    "ask_less": "ask for less, or in several calls",
    "ask_somebody": "somebody else can do it, or nobody",
    "report": "tell us: it is our fault, or the installation's",
}
KINDS = {
    "request": "`errors[].extensions.code` of an answer: the request itself",
    "rule": "`errors[].code` of a mutation: a broken rule",
    "sheet": "`problems[].code` of an import: a cell, a row or the file",
}


@cache
def source() -> Source:
    """The product's source, read once."""
    return Source.read()


def words() -> dict[str, dict[str, Any]]:
    """What is said of each code by hand."""
    found: dict[str, dict[str, Any]] = json.loads(WORDS.read_text(encoding="utf-8"))
    return found


def spoken() -> dict[str, set[str]]:
    """The codes that the source answers, each with the registers (apps) in which it does."""
    found: dict[str, set[str]] = {}
    for module, said in source().everything().items():
        app = module.split(".")[1] if module.startswith("backend.") else "requests"
        for code, _text in said:
            found.setdefault(code, set()).add(app)
    return {code: apps for code, apps in found.items() if code not in INNER}


@cache
def _sentences() -> dict[str, str]:
    found: dict[str, str] = {}
    for _module, said in sorted(source().everything().items()):
        for code, text in sorted(said):
            # The longest says most of what to do next.
            if len(text) > len(found.get(code, "")):
                found[code] = text
    return found


def verbs() -> dict[str, tuple[str, str]]:
    """Each mutation with the function that carries it out: its module and name."""
    found = {}
    mutation: Any = schema.get_type_by_name("Mutation")
    for one in mutation.fields:
        function = one.base_resolver.wrapped_func
        name = one.graphql_name or schema.config.name_converter.from_field(one)
        found[name] = (function.__module__, function.__qualname__)
    # A verb for many is made, and does what the single one does.
    return {
        name: found[name.removesuffix("Many")] if "<locals>" in place[1] else place
        for name, place in found.items()
    }


@cache
def answered_by() -> dict[str, frozenset[str]]:
    """The codes that each mutation can answer, at most."""
    here = source()

    def codes(place: tuple[str, str]) -> frozenset[str]:
        said: set[Spoken] = set().union(*(here.spoken.get(p, set()) for p in here.reached(place)))
        return frozenset(code for code, _text in said) - INNER

    return {verb: codes(place) for verb, place in verbs().items()}


def catalogue() -> list[dict[str, Any]]:
    """Every code, in the order of the alphabet."""
    told, apps, sentences, answers = words(), spoken(), _sentences(), answered_by()
    found = []
    for code, said in sorted(told.items()):
        can = sorted(verb for verb, codes in answers.items() if code in codes)
        everywhere = len(can) > _NEARLY_ALL * len(answers)
        found.append(
            {
                "code": code,
                "kind": said["kind"],
                "zh": said.get("zh") or sentences.get(code, ""),
                "en": said["en"],
                "do": said.get("do", "correct"),
                "level": said.get("level"),
                "http": said.get("http"),
                "registers": sorted(apps.get(code, ())),
                "mutations": ["*"] if everywhere else can,
            }
        )
    return found


def as_json(entries: list[dict[str, Any]]) -> str:
    """The file for programs: one line a code."""
    lines = ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in entries)
    doing = json.dumps(DOING, ensure_ascii=False)
    return f'{{"do": {doing},\n "codes": [\n{lines}\n]}}\n'


def as_markdown(entries: list[dict[str, Any]]) -> str:
    """The page for people."""
    parts = [_HEAD]
    for kind, meaning in KINDS.items():
        level = " level |" if kind == "sheet" else ""
        rule = "---|" if kind == "sheet" else ""
        parts.append(f"## {kind}\n\n{meaning}.\n")
        parts.append(
            f"| code |{level} 中文 | English | do | answered by |\n|---|{rule}---|---|---|---|"
        )
        for one in (one for one in entries if one["kind"] == kind):
            told = [f"`{one['code']}`"] + ([one["level"] or ""] if kind == "sheet" else [])
            http = f"HTTP {one['http']}: " if one["http"] else ""
            told += [one["zh"], http + one["en"], one["do"], _who(one)]
            parts.append("| " + " | ".join(text.replace("|", "\\|") for text in told) + " |")
        parts.append("")
    return "\n".join(parts)


def _who(one: dict[str, Any]) -> str:
    verbs_, apps = one["mutations"], ", ".join(one["registers"])
    if verbs_ == ["*"]:
        return "nearly every mutation"
    if 0 < len(verbs_) <= 4:
        return ", ".join(f"`{verb}`" for verb in verbs_)
    return f"{apps} ({len(verbs_)} mutations)" if verbs_ else apps


_HEAD = f"""# Error codes 错误码

Made by `manage.py export_errors` from the source and `schema/errors/words.json`; for programs, with every mutation by name, as JSON at `/graphql/errors.json`.

Codes never change their meaning; new ones may come. Treat one you do not know by its place, and show its `message`. In the Chinese sentences … stands for what is filled in. "Answered by" is read from the source and is an upper bound: what a mutation can come to, not what it must answer.

| do | |
|---|---|
{chr(10).join(f"| `{name}` | {text} |" for name, text in DOING.items())}
"""
