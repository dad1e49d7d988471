"""The first way in on a new server: an organisation and its administrator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.founding import found_organisation
from accounts.models import User
from common.errors import Refused
from common.names import checked_name


class Command(BaseCommand):
    help = (
        "Creates an organisation with its administrator, who sets a password through “Forgot your password?” "
        "on the log-in page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the organisation's name")
        parser.add_argument("--admin-name", required=True)
        parser.add_argument("--admin-email", required=True)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        email = options["admin_email"].strip().lower()
        admin = User.objects.filter(email=email).first()
        if admin is None:
            if "@" not in email:
                raise CommandError(f"“{email}” is not an e-mail address.")
            admin = User.objects.create_user(email=email, name=self._named(options["admin_name"]))
        found_organisation(name=self._named(options["name"]), admin=admin)
        self.stdout.write(f"{options['name']} is there; {email} administers it.")

    def _named(self, text: str) -> str:
        try:
            return checked_name(text)
        except Refused as refusal:
            raise CommandError(f"“{text}”: {refusal}") from refusal
