#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# What gcovr's JSON says of src/, held against tests/coverage.md: lines that
# nothing reaches and that have no reason there. The last line is the whole.
#
#   coverage.py REPORT.json SOURCE
import json
import re
import sys

# What happens when memory runs out: no test makes every allocation fail.
MEMORY = re.compile(r"err_nomem|arena_error|no_room|out_of_arena|NO_MEMORY|ERR_LIMIT, \"the (review|answer) needs|failed = true|refuse\(a\)")


def runs(lines):
    """Numbers that follow each other, together."""
    together = []
    for number in lines:
        if together and number - together[-1][-1] <= 2:
            together[-1].append(number)
        else:
            together.append([number])
    return together


def reasons(path):
    """How many lines of a file tests/coverage.md accounts for."""
    row = re.compile(r"\| `([^`]+)` \| (\d+) \|")
    with open(path, encoding="utf-8") as file:
        return {match[1]: int(match[2]) for match in map(row.match, file) if match}


def main(report, source):
    accounted = reasons(f"{source}/tests/coverage.md")
    have = of = memory = 0
    with open(report, encoding="utf-8") as file:
        files = json.load(file)["files"]
    for entry in files:
        counts = {}
        for line in entry["lines"]:
            if not line.get("gcovr/noncode"):
                counts[line["line_number"]] = counts.get(line["line_number"], 0) + line["count"]
        with open(f"{source}/{entry['file']}", encoding="utf-8") as file:
            text = [""] + file.read().split("\n")
        have += sum(count > 0 for count in counts.values())
        of += len(counts)
        others = []
        for run in runs(sorted(number for number, count in counts.items() if not count)):
            if any(MEMORY.search(text[number]) for number in run):
                memory += len(run)
            else:
                others += run
        name = entry["file"].removeprefix("src/")
        if len(others) > accounted.get(name, 0):
            print(f"{name}: {len(others)} lines are not reached, tests/coverage.md has a reason for {accounted.get(name, 0)}:")
            for number in others:
                print(f"    {number}: {text[number].strip()}")
    print(f"{memory} lines are for when memory runs out")
    print(f"{100 * have / of:.1f} % of {of} lines")


main(*sys.argv[1:])
