"""Background work on comments."""

from tenancy import jobs

from .services import comments


@jobs.handler(comments.HANDLER)
def tell(run: jobs.Run) -> None:
    """Tell somebody by mail that they were mentioned; a second run finds it told."""
    with run.entered():
        comments.mail(mention_id=int(run.arguments["mention_id"]), link=str(run.arguments["link"]))
