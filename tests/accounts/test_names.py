"""A name that hides something gets past no service and no command."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts import services
from accounts.founding import found_organisation
from accounts.models import Organisation, User
from accounts.roles import OrganisationRole
from common.errors import Refused
from tests.factories import Cast
from tests.stage import backstage

HIDING = "Mara\u202e ssoV"


def test_services_refuse_it(cast: Cast, entered: Callable[[User], AbstractContextManager[object]]) -> None:
    with entered(cast.operator_leader):
        by = cast.seat(cast.operator_leader)
        with pytest.raises(Refused, match="one line of visible"):
            services.rename_person(by=by, name=HIDING)
        with pytest.raises(Refused, match="one line of visible"):
            services.create_token(by=by, name=HIDING, may_write=False, life=timedelta(days=1))
        with pytest.raises(Refused, match="one line of visible"):
            services.invite(
                by=by, organisation=by.organisation, email="new@example.org", name=HIDING,
                role=OrganisationRole.MEMBER, link_to=lambda token: token,
            )  # fmt: skip


def test_no_organisation_is_founded_under_it(cast: Cast) -> None:
    with pytest.raises(Refused, match="at least one letter or digit"):
        found_organisation(name="\u200d", admin=cast.outsider)
    with pytest.raises(CommandError, match="one line of visible"):
        call_command("create_organisation", name=HIDING, admin_name="Ann", admin_email="ann@example.org")
    with backstage():
        assert not Organisation.objects.filter(name__contains="ssoV").exists()
