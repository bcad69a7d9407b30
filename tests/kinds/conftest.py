"""The month that every kind of service lives through, once for all tests of it."""

from __future__ import annotations

import pytest

from tests.kinds.month import Month
from tests.kinds.services import arxiv_service, json_services, mediawiki_service, sitemap_sites, sites


@pytest.fixture(scope="session")
def month(tmp_path_factory):
    """A month of services, over."""
    made = Month(tmp_path_factory.mktemp("month"))
    with made.world, pytest.MonkeyPatch.context() as patch:
        patch.delenv(json_services.ABSENT, raising=False)
        for name, value in json_services.ENVIRONMENT.items():
            patch.setenv(name, value)
        for services in (json_services, arxiv_service, mediawiki_service, sitemap_sites, sites):
            services.declare(made)
        made.pass_()
        yield made


def pytest_collection_modifyitems(items):
    """Keep the tests of the month in one worker: each would live through a month of its own."""
    for item in items:
        if "month" in getattr(item, "fixturenames", ()) and "test_github" not in item.nodeid:
            item.add_marker(pytest.mark.xdist_group("month"))
