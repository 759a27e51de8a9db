"""本页说明: what the page is for and the next step, without leaving it."""

from typing import Any

from django import template

from backend.core.guidance import guidance_for
from backend.core.guide_pages import guide_url

register = template.Library()


@register.inclusion_tag("linli/page_help.html", takes_context=True)
def page_help(context: dict[str, Any]) -> dict[str, Any]:
    """The help of the page that is being shown; nothing where it has none."""
    match = getattr(context.get("request"), "resolver_match", None)
    opts = context.get("opts")
    names = [match.url_name] if match is not None and match.url_name else []
    if match is not None and str(match.url_name).startswith("guide"):
        names.append("guide")
    found = guidance_for(*names, *([opts.label] if opts is not None else []))
    return {"help": found, "url": guide_url(found) if found is not None else ""}
