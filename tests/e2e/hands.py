"""A person without a mouse: everything is reached by Tab and done by keys."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

# How many stops a person may have to make; a page with more hides its work behind its navigation.
PATIENCE = 150

SHOWN = """element => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const marked = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const on_top = document.elementFromPoint(x, y);
  const covered = !on_top || !(element.contains(on_top) || on_top.contains(element) || on_top.closest('label'));
  return {marked, covered};
}"""


@dataclass
class Hands:
    """Keys only. Every stop must be marked on the screen and covered by nothing (WCAG 2.4.7, 2.4.11)."""

    page: Page

    def reach(self, role: str, name: str | re.Pattern[str], *, inside: str = "body") -> Locator:
        """Tab on until what has this role and name holds the focus; returns it."""
        wanted = self.page.locator(inside).get_by_role(role, name=name).first  # type: ignore[arg-type]
        expect(wanted).to_be_visible()
        passed: list[str] = []
        for _ in range(PATIENCE):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                expect(wanted).to_be_in_viewport()
                state = wanted.evaluate(SHOWN)
                assert state["marked"], f"{role} “{name}” does not show that it has the focus"
                assert not state["covered"], f"{role} “{name}” has the focus and lies under something"
                return wanted
            passed.append(self.page.evaluate("(document.activeElement.innerText || '').slice(0, 30)"))
        raise AssertionError(f"{role} “{name}” is not reached by Tab on {self.page.url}; passed {passed}")

    def follow(self, name: str | re.Pattern[str], *, inside: str = "body") -> None:
        """Reach a link and follow it."""
        self.reach("link", name, inside=inside)
        before = self.page.url
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: url != before)

    def press(self, name: str | re.Pattern[str], *, inside: str = "body") -> None:
        """Reach a button and press it; returns when what it asked for is there, as a page or as a part of one."""
        self.reach("button", name, inside=inside)
        with self.page.expect_response(lambda answer: answer.request.resource_type in ("document", "xhr")):
            self.page.keyboard.press("Space")
        self.page.wait_for_load_state()

    def write(self, label: str | re.Pattern[str], text: str) -> None:
        """Reach a field and type into it."""
        self.reach("textbox", label)
        self.page.keyboard.type(text)

    def choose(self, label: str | re.Pattern[str], option: str) -> None:
        """Reach a list and choose by typing the beginning of an option."""
        field = self.reach("combobox", label)
        self.page.keyboard.type(option)
        expect(field.locator("option:checked")).to_have_text(re.compile(f"^{option}"))
