"""Two people at one form: what each of them changed since the version that both opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.forms import ModelForm
from django.utils import formats, timezone
from django.utils.translation import gettext

from backend.core.personal import mask

# What a form brings beside its fields: the revision that it was opened with, the newer one that its
# sender has been shown, and of each field whose value is to be kept.
REVISION, SEEN, TAKE = "_revision", "_seen", "_take_"
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Clash:
    """One field in which two versions differ, as a page shows it."""

    name: str
    label: str
    mine: str
    theirs: str
    # Whether both have changed it, so that a person must say which holds.
    both: bool
    # The answer: "mine", "theirs", or "" while nobody has given it.
    take: str


def clashes(opened: ModelForm | None, stored: ModelForm, answers: Mapping[str, str]) -> list[Clash]:
    """The fields in which what was sent differs from what is stored.

    `stored` is the form with what was sent, on the record as it stands; `opened` is one on the record
    as the sender opened it, None if nobody knows: then every difference asks.
    """
    found = []
    for name, field in stored.fields.items():
        if field.disabled or not _has_changed(stored, name):
            continue
        i_did = opened is None or _has_changed(opened, name, stored)
        they_did = opened is None or _initial(opened, name) != _initial(stored, name)
        both = i_did and they_did
        take = answers.get(name, "") if both else (MINE if i_did else THEIRS)
        if take not in (MINE, THEIRS):
            take = ""
        found.append(
            Clash(
                name,
                str(stored[name].label),
                _shown(stored, name, _sent(stored, name)),
                _shown(stored, name, _initial(stored, name)),
                both,
                take,
            )
        )
    return found


def answers_in(data: Mapping[str, Any]) -> dict[str, str]:
    """Of each field whose value is to be kept, as a form brings it."""
    return {key[len(TAKE) :]: str(data[key]) for key in data if key.startswith(TAKE)}


def keep_theirs(form: ModelForm) -> None:
    """Leaves the fields of which the form says "theirs" as they are stored."""
    personal = getattr(form.instance, "personal", {})
    for name, take in answers_in(form.data).items():
        if take != THEIRS or name not in form.fields:
            continue
        if name in personal:
            # Shown again, should the form be refused: a mask, as everywhere.
            form.initial[name] = mask(personal[name], form.initial.get(name))
        form.fields[name].disabled = True


def _initial(form: ModelForm, name: str) -> Any:
    return form.get_initial_for_field(form.fields[name], name)


def _raw(form: ModelForm, name: str) -> Any:
    field = form.fields[name]
    return field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))


def _has_changed(form: ModelForm, name: str, sent: ModelForm | None = None) -> bool:
    """Whether what was sent says something else than the form's record."""
    given, initial = _raw(sent or form, name), _initial(form, name)
    kind = getattr(form.instance, "personal", {}).get(name)
    if kind is not None and given == mask(kind, initial):
        # A mask that comes back means "unchanged".
        return False
    return bool(form.fields[name].has_changed(initial, given))


def _sent(form: ModelForm, name: str) -> Any:
    """What was sent, as the field understands it; as it was typed, where it does not."""
    cleaned = getattr(form, "cleaned_data", {})
    return cleaned[name] if name in cleaned else _raw(form, name)


def _shown(form: ModelForm, name: str, value: Any) -> str:
    """A value in words; a personal one as its mask."""
    field: Any = form.fields[name]
    kind = getattr(form.instance, "personal", {}).get(name)
    if isinstance(value, list | tuple):
        value = " ".join(str(part) for part in value if part)
    if value in (None, ""):
        return gettext("空")
    if kind is not None:
        return mask(kind, value)
    if hasattr(field, "queryset"):
        known = value
        if not isinstance(value, models.Model):
            known = field.queryset.filter(pk=value).first() if str(value).isdigit() else None
        return str(field.label_from_instance(known)) if known is not None else "…"
    choices = {str(key): label for key, label in _flat(getattr(field, "choices", ()))}
    if str(value) in choices:
        return str(choices[str(value)])
    return in_words(value)


def in_words(value: Any) -> str:
    """A plain value as staff read it."""
    if value in (None, ""):
        return gettext("空")
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if hasattr(value, "tzinfo") and hasattr(value, "date"):
        return formats.date_format(timezone.localtime(value), "Y-m-d H:i")
    return str(value)


def _flat(choices: Any) -> Any:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
