"""Mail is sent within the request, so a mail server that hangs may not hang the page."""

from django.core.mail.backends.smtp import EmailBackend

from config.settings import base


def test_a_mail_server_that_does_not_answer_is_given_up_in_seconds() -> None:
    options = base.MAILERS["default"]["OPTIONS"]
    assert EmailBackend(alias="default", **options).timeout == 10
