# SPDX-License-Identifier: Apache-2.0
"""Reads what format junit prints as CI systems do: it parses, its numbers are right, no case has another's name.

    junit.py STORY-PROGRAM
"""

import subprocess
import sys

import junitparser

# tests, failures, errors, skipped
WANT = {"clean": (1, 0, 0, 0), "mixed": (13, 2, 1, 4), "hostile": (5, 1, 1, 1), "many": (801, 400, 0, 0)}
KINDS = (junitparser.Failure, junitparser.Error, junitparser.Skipped)


def numbers(cases):
    results = [result for case in cases for result in case.result]
    return (len(cases), *(sum(isinstance(result, kind) for result in results) for kind in KINDS))


def told(element):
    return element.tests, element.failures, element.errors, element.skipped


def complaints(story, xml):
    suites = list(xml)
    cases = [case for suite in suites for case in suite]
    if numbers(cases) != WANT[story] or told(xml) != WANT[story]:
        yield f"counts {told(xml)}, has {numbers(cases)}, wanted {WANT[story]}"
    for suite in suites:
        if told(suite) != numbers(list(suite)):
            yield f"suite {suite.name} counts {told(suite)}, has {numbers(list(suite))}"
    names = [(case.classname, case.name) for case in cases]
    for name in {name for name in names if names.count(name) > 1} if len(names) < 100 else ():
        yield f"two cases are called {name}"
    if len({suite.name for suite in suites}) != len(suites):
        yield "two suites have one name"
    for case in cases:
        for result in case.result:
            if not result.message or not (result.text or "").strip():
                yield f"{case.name} does not say what is wrong"


def main(program):
    bad = []
    for story in WANT:
        text = subprocess.run([program, story, "junit"], capture_output=True, check=True).stdout
        bad += [f"{story}: {text}" for text in complaints(story, junitparser.JUnitXml.fromstring(text))]
    print("\n".join(bad))
    return 1 if bad else 0


sys.exit(main(*sys.argv[1:]))
