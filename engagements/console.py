"""What every command about one engagement asks first: which one, and as whom."""

import os
from argparse import ArgumentParser
from uuid import UUID

from django.core.management.base import CommandError

from accounts.models import User
from tenancy import context

from .models import Engagement


def add_engagement_and_user(parser: ArgumentParser, doing: str, *, required: bool = True) -> None:
    """Give a command `--engagement` and `--as-user`; `doing` is what the person does, such as "imports"."""
    parser.add_argument(
        "--engagement", required=required, type=UUID, help="its public id, as in the address of its pages"
    )
    parser.add_argument(
        "--as-user",
        default=os.environ.get("TOLLGATE_AS_USER"),
        metavar="EMAIL",
        help=f"who {doing}; else TOLLGATE_AS_USER",
    )


def person(email: str | None, doing: str) -> User:
    """The person of `--as-user`. Raises CommandError, with what to do, when there is none."""
    if not email:
        raise CommandError(f"Say who {doing}: --as-user EMAIL, or TOLLGATE_AS_USER.")
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        raise CommandError(f"There is nobody with the address {email}.")
    return user


def enter_engagement(user: User, public_id: UUID) -> Engagement:
    """The engagement, with the context narrowed to it. Call it inside `tenancy.context.entered(user_id=user.pk)`.

    Raises CommandError when this person sees none with that id.
    """
    visible = Engagement.objects.select_related("client", "operator")
    engagement = visible.filter(public_id=public_id).first()
    if engagement is None:
        raise CommandError(f"{user.email} sees no engagement {public_id}.")
    context.narrow(engagement_id=engagement.pk)
    return engagement
