from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

LENGTH = """words => {
  document.body.innerHTML = "<span></span>";
  const line = document.querySelector("span");
  line.style = "font: 20px sans-serif; white-space: pre";
  line.textContent = words;
  return line.getBoundingClientRect().width;
}"""


@pytest.mark.layout
def test_the_wide_letters_are_as_wide_as_verdana_s_and_chinese_is_square_in_either(
    browsers: Callable[[str], Browser],
) -> None:
    narrow, wide = (browsers(letters).new_page() for letters in ("narrow", "wide"))
    words = "how much gradient reaches each timestep"
    assert 1.2 < wide.evaluate(LENGTH, words) / narrow.evaluate(LENGTH, words) < 1.3
    for page in (narrow, wide):
        assert page.evaluate(LENGTH, "梯度消失。") == 100
        page.close()
