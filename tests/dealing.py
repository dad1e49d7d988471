"""How the tests are dealt out to the test processes: file by file, the long ones first.

pytest-xdist 3.8's own groups have no effect under pytest 9.2. Here the browser tests that share a running Tollgate
stay in one process, so that it is set up once; the journey and bin/demo have one of their own and start at once.
"""

from xdist.scheduler import LoadScopeScheduling

SHARED_SITE = "tests/e2e"
# They look at the same PDFs (tests/reports/printed.py), each made once.
PAPERS = ("tests/reports/test_papers.py", "tests/reports/test_standards.py")
ALONE = ("tests/e2e/test_journey.py", "tests/toolchain/test_demo.py")

# A minute or more each, and late in the alphabet: begun last, one of them would run beside an idle process.
LONG = ("tests/test_access_matrix.py", "tests/test_canary.py", PAPERS[0])


def share_of(nodeid: str) -> str:
    """What has to run in one process: a file, or all files that look at the shared Tollgate or at the same PDFs."""
    file = nodeid.split("::", 1)[0]
    if file in PAPERS:
        return PAPERS[0]
    if file.startswith(SHARED_SITE) and file not in ALONE:
        return SHARED_SITE
    return file


def turn_of(nodeid: str) -> int:
    """Shares with a low turn are dealt first: what takes minutes may not begin last."""
    share = share_of(nodeid)
    turns = (ALONE[0], SHARED_SITE, ALONE[1], *LONG)
    return turns.index(share) if share in turns else len(turns)


class ByShare(LoadScopeScheduling):
    """Deals whole shares, in the order in which the tests were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)
