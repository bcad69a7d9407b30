"""The month that every kind of service lives through, once for all tests of it."""

from __future__ import annotations

import pytest

from tests.kinds.month import Month
from tests.kinds.services import json_services


@pytest.fixture(scope="session")
def month(tmp_path_factory):
    """A month of services, over."""
    made = Month(tmp_path_factory.mktemp("month"))
    with made.world, pytest.MonkeyPatch.context() as patch:
        for name, value in json_services.ENVIRONMENT.items():
            patch.setenv(name, value)
        json_services.declare(made)
        made.pass_()
        yield made
