"""The one lock of an engagement: whoever changes its facts holds it first, and reads only then."""

from .models import Engagement


def hold(engagement_id: int) -> Engagement:
    """The engagement as it stands now, held until the transaction ends.

    Every service that changes what a gate, a plan or a brief rests on calls this before it reads anything, and
    before it locks any other row; so none judges by facts that another is changing, and no two wait for each
    other. Rows that point at the engagement can still be added meanwhile (NO KEY UPDATE): an import goes on.
    """
    return Engagement.objects.select_for_update(of=("self",), no_key=True).get(pk=engagement_id)
