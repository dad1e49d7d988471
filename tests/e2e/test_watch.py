"""What Chromium complains of fails the test that met it; nobody has to listen to each answer for that."""

import re

from playwright.sync_api import Browser, Route

from .conftest import Watch

PAGE = "<script src='/file.js'></script><img src='/gone.png' alt=''><script>fetch('/part')</script>"
STATUS = {"/page": 200, "/file.js": 500, "/part": 503, "/gone.png": 404, "/broken": 500}


def test_an_error_of_ours_is_told_wherever_it_is_answered(browser: Browser) -> None:
    def answer(route: Route) -> None:
        path = "/" + route.request.url.rpartition("/")[2]
        route.fulfill(
            status=STATUS.get(path, 200), content_type="text/html", body=PAGE if path == "/page" else "x"
        )

    watch = Watch()
    page = browser.new_page(base_url="http://tollgate.invalid")
    page.route("**", answer)
    watch.over(page)
    page.goto("/page", wait_until="networkidle")
    page.goto("/broken", wait_until="networkidle")
    told = sorted(re.findall(r"invalid(/\S+): .* (\d+)", one)[0] for one in watch.complaints)
    page.close()
    assert told == [("/broken", "500"), ("/file.js", "500"), ("/part", "503")]
