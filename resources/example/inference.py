"""Names flowers with the model that training.py has written.

    python3 inference.py '{"samples": [[5.1, 3.5, 1.4, 0.2]]}'

A sample is sepal length, sepal width, petal length, petal width in centimetres. Also {"sample": [...]}, for one.
The answer is one JSON document on standard output.
Exit codes: 0 answered, 1 there is no usable model (the reason is on standard error), 2 bad parameters.
"""

import json
import signal

import body
import classifier

MOST_SAMPLES = 10_000


def samples(given):
    """What is asked about, as (name of the sample, its numbers), one by one."""
    body.note_unknown(given, ("sample", "samples"))
    if ("sample" in given) == ("samples" in given):
        raise body.BadParameters('expected either "samples": [[...], ...] or "sample": [...]')
    if "sample" in given:
        return [("sample", given["sample"])]
    several = given["samples"]
    if not isinstance(several, list) or not 1 <= len(several) <= MOST_SAMPLES:
        raise body.BadParameters(f"samples: expected a list of 1 to {MOST_SAMPLES} samples")
    return [(f"samples[{index}]", sample) for index, sample in enumerate(several)]


def check(name, sample, features):
    if not isinstance(sample, list) or len(sample) != len(features):
        raise body.BadParameters(f"{name}: expected a list of {len(features)} numbers ({', '.join(features)})")
    for value, feature in zip(sample, features):
        body.number(value, f"{name}, {feature}", 0, 1000)


def answer(model, sample):
    probabilities = model.probabilities(sample)
    return {
        "class": model.predict(sample),
        "probabilities": {name: round(p, 6) for name, p in zip(model.classes, probabilities)},
    }


def main(arguments):
    asked = samples(body.read(arguments))
    model = classifier.load()
    for name, sample in asked:
        check(name, sample, model.features)
    print(json.dumps({"predictions": [answer(model, sample) for _, sample in asked]}))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    body.run("inference.py", main)
