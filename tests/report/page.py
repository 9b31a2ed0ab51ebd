# SPDX-License-Identifier: Apache-2.0
"""Opens the page that format html prints in headless Chromium, as a person would: reads, filters, searches, by mouse
and keyboard, in the dark, on a narrow screen, on paper, without JavaScript.

    page.py STORY-PROGRAM DIRECTORY    pages and screenshots stay in DIRECTORY to be looked at
"""

import base64
import pathlib
import shutil
import subprocess
import sys

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
if not CHROMIUM or not DRIVER:
    print("skipped: no chromium")
    sys.exit(0)

from selenium import webdriver  # noqa: E402
from selenium.common.exceptions import TimeoutException  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import Select, WebDriverWait  # noqa: E402

FINDINGS = {"clean": 0, "mixed": 9, "hostile": 2, "many": 800, "limit": 25_200}


class Page:
    """One story's page in one browser."""

    def __init__(self, browser, directory, story):
        self.browser = browser
        browser.get((directory / f"{story}.html").as_uri())

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def shown(self):
        return self.run("return document.querySelectorAll('article:not([hidden])').length")

    def count(self):
        return self.one("#count").text

    def choose(self, name, value):
        Select(self.one(f"select[name={name}]")).select_by_value(value)

    def until(self, count, what):
        try:
            WebDriverWait(self.browser, 20).until(lambda _: self.count() == count)
        except TimeoutException:
            expect(self.count(), count, what)

    def color(self, selector, name="color"):
        return self.run("return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]", selector, name)

    def emulate(self, scheme, width=1200, height=900, media=""):
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": media, "features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})


def expect(got, want, what):
    if got != want:
        raise AssertionError(f"{what}: {got!r}, not {want!r}")


def light_of(color):
    """Relative luminance (WCAG 2) of "rgb(r, g, b)"."""
    parts = [int(part) / 255 for part in color[color.index("(") + 1:-1].split(",")[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(page, selector):
    dark, light = sorted((light_of(page.color(selector)), light_of(page.color("body", "backgroundColor"))))
    return (light + 0.05) / (dark + 0.05)


def shows_what_is_there(page):
    expect(page.shown(), FINDINGS["mixed"], "articles")
    expect(page.count(), "9 findings", "the count")
    expect(page.one("h1").text, "Would be refused, and not all of it can be read", "the verdict")
    expect(len(page.all(".layers li")), 6, "layers")
    expect(page.one("article mark").text, "docker.io/library/nginx:latest", "the marked value")
    expect([e.text for e in page.all(".notes b")], ["REFUSED", "CANNOT BE READ", "SKIPPED"], "what was not judged")
    expect(page.run("return performance.getEntriesByType('resource').length"), 0, "requests")


def filters(page):
    page.choose("layer", "container-registry")
    page.until("3 of 9 findings", "one layer")
    expect(page.shown(), 3, "articles of one layer")
    page.choose("result", "effect:deny")
    page.until("1 of 9 findings", "and one effect")
    expect(page.run("return document.querySelectorAll('.file:not([hidden])').length"), 1, "files that have one")
    page.one("button[type=reset]").click()
    page.until("9 findings", "no filter")
    for name, value, count in (("result", "result:unknown", 1), ("result", "result:excepted", 1),
                               ("result", "effect:none", 4), ("severity", "low", 6), ("policy", "registry", 9)):
        page.choose(name, value)
        page.until("9 findings" if count == 9 else f"{count} of 9 findings", f"{name} {value}")
        page.run("document.getElementById('filter').reset()")
        page.until("9 findings", "no filter")
    page.all(".layers a")[5].click()
    page.until("6 of 9 findings", "a click on a layer")
    expect(Select(page.one("select[name=layer]")).first_selected_option.text, "Storage", "the layer chosen")
    page.all(".layers a")[5].click()
    page.until("9 findings", "another click")
    expect([o.get_attribute("value") for o in page.all("select[name=severity] option")], ["", "high", "low"],
           "severities to choose from")


def searches_by_keyboard(page):
    page.one("body").send_keys("/")
    box = page.browser.switch_to.active_element
    expect(box.get_attribute("name"), "text", "where / leads")
    box.send_keys("NFS deploy/db")
    page.until("1 of 9 findings", "two words")
    box.send_keys(" nowhere")
    page.until("0 of 9 findings", "three words")
    expect(page.one("#empty").is_displayed(), True, "that nothing is like that is said")
    box.send_keys(Keys.ESCAPE)
    page.until("9 findings", "Escape")
    page.run("document.activeElement.blur()")
    page.one("body").send_keys("j")
    expect(page.browser.switch_to.active_element.get_attribute("id"), "f1", "j")
    page.browser.switch_to.active_element.send_keys("jjk")
    expect(page.browser.switch_to.active_element.get_attribute("id"), "f2", "j, j, k")
    page.run("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.browser.refresh()
    page.one("body").send_keys(Keys.TAB)
    skip = page.browser.switch_to.active_element
    expect(skip.text, "Skip to the findings", "the first thing reached")
    skip.send_keys(Keys.ENTER)
    expect(page.run("return document.activeElement.id"), "findings", "where it leads")
    expect(page.one("#count").get_attribute("aria-live"), "polite", "the count is said aloud")


def can_be_read(page):
    for scheme in ("light", "dark"):
        page.emulate(scheme)
        for selector in (".basis", "h1", "h2", ".deny .side b", ".warn .side b", ".good .side b", ".lifted .side b",
                         ".record .side b", ".at", ".rule a", ".sums .zero"):
            if page.all(selector) and contrast(page, selector) < 4.5:
                raise AssertionError(f"{selector} in the {scheme}: contrast {contrast(page, selector):.1f}")
    expect(light_of(page.color("body", "backgroundColor")) < 0.05, True, "dark is dark")
    page.emulate("light", 400)
    expect(page.run("return document.documentElement.scrollWidth"), 400, "width on a narrow screen")
    page.emulate("dark", media="print")
    expect(page.one("form").is_displayed(), False, "a filter on paper")
    expect(page.color("body", "backgroundColor"), "rgb(255, 255, 255)", "paper")
    page.emulate("light")


def prints(page, directory):
    pdf = base64.b64decode(page.browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
    (directory / "mixed.pdf").write_bytes(pdf)
    expect(pdf[:5], b"%PDF-", "what is printed")


def stays_text(page):
    """Whatever a manifest is called."""
    expect(page.shown(), FINDINGS["hostile"], "articles")
    expect(len(page.all("script")), 1, "scripts")
    expect(page.run("return document.querySelectorAll('img, iframe, object, embed, base, link').length"), 0, "embedded")
    outside = [a for a in page.run("return [...document.links].map(a => a.getAttribute('href'))") if a[:1] != "#"]
    expect(outside, [], "links that lead out")
    expect("<script>alert(1)</script>" in page.one("article h4").text, True, "markup is shown as text")
    expect("‮" in page.run("return document.body.textContent"), False, "text that turns text around")


def is_usable_when_large(page):
    page.until("25,200 findings", "all")
    page.one("input[name=text]").send_keys("tree/12345.yaml")
    page.until("2 of 25,200 findings", "one file")
    page.choose("result", "effect:record")
    page.until("1 of 25,200 findings", "one of its findings")


def works_without_script(page):
    expect(page.one("#filter").is_displayed(), False, "a filter that cannot work")
    expect(len(page.all("article")), FINDINGS["mixed"], "articles")
    expect(page.one("article h4").is_displayed(), True, "what was found")


def is_empty(page):
    expect(page.one("h1").text, "Would be admitted", "the verdict")
    expect(page.one("#filter").is_displayed(), False, "a filter of nothing")
    expect("Nothing was found." in page.one("#findings").text, True, "that nothing was found is said")


def browser_of(script):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--hide-scrollbars", "--window-size=1200,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not script:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    return webdriver.Chrome(options=options, service=Service(DRIVER))


def look(page, directory):
    """For a person: what it looks like."""
    for name, scheme, width in (("light", "light", 1200), ("dark", "dark", 1200), ("narrow", "light", 400)):
        page.emulate(scheme, width, 1600)
        page.browser.save_screenshot(str(directory / f"{name}.png"))
    page.emulate("light")


def main(program, directory):
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for story in FINDINGS:
        with open(directory / f"{story}.html", "wb") as file:
            subprocess.run([program, story, "html"], stdout=file, check=True)
    browser = browser_of(script=True)
    try:
        for story, test in (("mixed", shows_what_is_there), ("mixed", filters), ("mixed", searches_by_keyboard),
                            ("mixed", can_be_read), ("mixed", lambda page: prints(page, directory)),
                            ("hostile", stays_text), ("clean", is_empty), ("limit", is_usable_when_large),
                            ("mixed", lambda page: look(page, directory))):
            test(Page(browser, directory, story))
        errors = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
        expect(errors, [], "what the browser complains of")
    finally:
        browser.quit()
    browser = browser_of(script=False)
    try:
        works_without_script(Page(browser, directory, "mixed"))
    finally:
        browser.quit()


main(*sys.argv[1:])
