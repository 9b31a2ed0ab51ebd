# SPDX-License-Identifier: Apache-2.0
"""Holds documents against the schema that `fipsgate policy schema` printed.

    schema.py SCHEMA FILE...    prints one line a file: "ok FILE" or "no FILE: the first error"

YAML is read as kubectl reads it where that matters here: plain dates are text.
"""

import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """Without timestamps: to JSON there are none."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def first_error(validator, path):
    with open(path, "rb") as file:
        for document in yaml.load_all(file, Loader):
            for error in validator.iter_errors(document):
                return f"/{'/'.join(str(step) for step in error.absolute_path)}: {error.message}"
    return None


def main(schema_path, *paths):
    with open(schema_path, "rb") as file:
        schema = yaml.load(file, Loader)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    for path in paths:
        error = first_error(validator, path)
        print(f"no {path}: {error}" if error else f"ok {path}")


main(*sys.argv[1:])
