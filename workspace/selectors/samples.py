"""What is known of an organisation's sample: whether there is one, and what is being done about it."""

from dataclasses import dataclass

from accounts.models import Organisation
from engagements.models import Engagement
from engagements.selectors import sample_of
from tenancy.models import Job, JobState

ADD, REMOVE = "workspace.sample.add", "workspace.sample.remove"


@dataclass(frozen=True)
class Sample:
    """The sample as the page about it shows it; `state` is "none", "adding", "there" or "removing"."""

    engagement: Engagement | None
    job: Job | None

    @property
    def state(self) -> str:
        if self.job and self.job.is_open:
            return "adding" if self.job.handler == ADD else "removing"
        return "there" if self.engagement else "none"

    @property
    def failed(self) -> str:
        """Why what was asked for last did not come about."""
        return self.job.error if self.job and self.job.state == JobState.FAILED else ""


def sample_now(organisation: Organisation) -> Sample:
    """Where the sample of an organisation stands. Two queries."""
    return Sample(sample_of(organisation), work_on_sample(organisation))


def work_on_sample(organisation: Organisation) -> Job | None:
    """What was asked for last about an organisation's sample."""
    return (
        Job.objects.filter(organisation_id=organisation.pk, engagement_id=None, handler__in=(ADD, REMOVE))
        .order_by("-pk")
        .first()
    )
