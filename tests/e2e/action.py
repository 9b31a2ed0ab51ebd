# SPDX-License-Identifier: Apache-2.0
"""action.py DIR [INPUT=VALUE ...]: runs the shell steps of DIR/action.yml as a runner does.

A runner in small: inputs and outputs of steps are put into `env` (and nowhere
else: a `run` with an expression in it would let an input become a command),
`run` goes to bash, outputs come back through $GITHUB_OUTPUT. Prints what the
steps print, then the action's outputs as JSON on the last line; exits with the
status of the first step that failed.
"""
import json, os, re, subprocess, sys, tempfile
import yaml


def evaluate(text, inputs, steps):
    def value(match):
        words = match.group(1).split(".")
        if words[0] == "inputs":
            return str(inputs[words[1]])
        assert words[0] == "steps" and words[2] == "outputs", match.group(0)
        return steps.get(words[1], {}).get(words[3], "")
    return re.sub(r"\$\{\{ *([a-z.-]+) *\}\}", value, text)


def run(step, directory, inputs, steps):
    assert "${{" not in step["run"], "an expression in a command"
    assert step["shell"] == "bash"
    with tempfile.NamedTemporaryFile("r") as output:
        env = dict(os.environ, GITHUB_ACTION_PATH=directory, GITHUB_OUTPUT=output.name)
        env.update({key: evaluate(text, inputs, steps) for key, text in step.get("env", {}).items()})
        sys.stdout.flush()
        status = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], env=env).returncode
        steps[step.get("id", "")] = dict(line.rstrip("\n").split("=", 1) for line in output)
    return status


def main(directory, *arguments):
    with open(os.path.join(directory, "action.yml"), encoding="utf-8") as file:
        action = yaml.safe_load(file)
    given = dict(argument.split("=", 1) for argument in arguments)
    assert set(given) <= set(action["inputs"]), "no such input"
    inputs = {name: given.get(name, about["default"]) for name, about in action["inputs"].items()}
    steps, status = {}, 0
    for step in action["runs"]["steps"]:
        if "run" in step and status == 0:
            status = run(step, os.path.abspath(directory), inputs, steps)
    print(json.dumps({name: evaluate(about["value"], inputs, steps) for name, about in action["outputs"].items()}))
    return status


sys.exit(main(*sys.argv[1:]))
