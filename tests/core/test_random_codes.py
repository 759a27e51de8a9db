"""A code that nobody chose is never taken for a phone."""

import re
import secrets

import pytest

from backend.core.random_codes import random_code
from backend.jobs.rules import arguments_are_codes, looks_personal


def test_of_digits_alone_it_would_be_a_landline(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = "02734567891"
    assert looks_personal(f"imp-{digits[:10]}"), "the control: a landline"
    monkeypatch.setattr(secrets, "token_hex", lambda _bytes: digits)
    code = random_code("imp")
    arguments_are_codes({"batch": code})
    assert not looks_personal(code)


@pytest.mark.parametrize("length", [10, 12])
def test_it_has_its_length_and_a_letter_first(length: int) -> None:
    codes = {random_code("imp", length) for _ in range(300)}
    assert len(codes) == 300
    assert all(re.fullmatch(rf"imp-[a-f][0-9a-f]{{{length - 1}}}", code) for code in codes)
