"""What training and inference share of the way in: the parameters, and how a bad one is answered."""

import json
import math
import os
import sys

# What the backend and the node may add to the parameters; it concerns them, not us.
NOT_OURS = ("workload_uuid",)


class BadParameters(Exception):
    """The caller's mistake, in words for the caller. Ends the program with exit code 2."""


def read(arguments):
    """The parameters as a dict, from the one argument: JSON text, or the name of a file that holds it."""
    if len(arguments) != 1:
        raise BadParameters("expected one argument: the parameters as a JSON object, or a file that holds one")
    text, where, problem = arguments[0], "the parameters", "neither JSON nor the name of a file"
    # A node with `body_mode: file` hands over the name of a file, any other the JSON itself.
    if not text.lstrip().startswith("{") and os.path.isfile(text):
        where, problem = text, "not JSON"
        try:
            with open(text, encoding="utf-8") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise BadParameters(f"{where} cannot be read: {error}") from error
    return parse(text, where, problem)


def parse(text, where, problem):
    try:
        body = json.loads(text, parse_constant=no_such_number)
    except (ValueError, RecursionError) as error:
        raise BadParameters(f"{where}: {problem} ({error})") from error
    if not isinstance(body, dict):
        raise BadParameters(f'{where}: expected a JSON object such as {{"epochs": 100}}')
    return body


def no_such_number(name):
    raise ValueError(f"{name} is not a number in JSON")


def number(value, what, least, most, whole=False):
    """`value` if it is a number (a whole one, if asked for) from `least` to `most`."""
    kinds = int if whole else (int, float)
    # In Python true is an int; in JSON it is not a number.
    if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
        kind = "a whole number" if whole else "a number"
        raise BadParameters(f"{what}: expected {kind} from {least} to {most}, got {shown(value)}")
    return value


def shown(value):
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."


def note_unknown(body, known):
    """A misspelt name should not pass in silence, yet an unknown one is no reason to refuse the work."""
    for name in body:
        if name not in known and name not in NOT_OURS:
            print(f"note: unknown parameter {shown(name)} ignored; known: {', '.join(known)}", file=sys.stderr)


def run(program, main):
    """Calls main(arguments) and turns what can go wrong into a line on stderr and an exit code."""
    try:
        main(sys.argv[1:])
        sys.stdout.flush()
    except BadParameters as error:
        print(f"{program}: {error}", file=sys.stderr)
        sys.exit(2)
    except (OSError, RuntimeError) as error:
        print(f"{program}: {error}", file=sys.stderr)
        sys.exit(1)


def is_finite(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
