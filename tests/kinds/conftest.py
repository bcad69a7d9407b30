"""The month that every kind of service lives through, once for all tests of it."""

from __future__ import annotations

import pytest

from tests.kinds.month import Month
from tests.kinds.services import arxiv_service, json_services, mediawiki_service, sitemap_sites


@pytest.fixture(scope="session")
def month(tmp_path_factory):
    """A month of services, over."""
    made = Month(tmp_path_factory.mktemp("month"))
    with made.world, pytest.MonkeyPatch.context() as patch:
        patch.delenv(json_services.ABSENT, raising=False)
        for name, value in json_services.ENVIRONMENT.items():
            patch.setenv(name, value)
        for services in (json_services, arxiv_service, mediawiki_service, sitemap_sites):
            services.declare(made)
        made.pass_()
        yield made
