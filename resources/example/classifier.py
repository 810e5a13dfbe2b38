"""Softmax regression in plain Python, and the file that keeps what it has learnt."""

import json
import math
import os
import tempfile

from body import is_finite

FOLDER = os.path.dirname(os.path.abspath(__file__))
MODEL_FILE = os.path.join(FOLDER, "model.json")


class Classifier:
    """Maps measurements to a probability for each class: softmax(weights * standardised sample + bias)."""

    def __init__(self, features, classes, mean, scale, weights=None, bias=None):
        self.features, self.classes = features, classes
        self.mean, self.scale = mean, scale  # of each feature, in the rows that it may learn from
        self.weights = weights or [[0.0] * len(features) for _ in classes]
        self.bias = bias or [0.0] * len(classes)

    @classmethod
    def for_rows(cls, features, classes, samples):
        columns = list(zip(*samples))
        mean = [math.fsum(column) / len(column) for column in columns]
        scale = [
            math.sqrt(math.fsum((x - m) ** 2 for x in column) / len(column)) or 1.0
            for column, m in zip(columns, mean)
        ]
        return cls(features, classes, mean, scale)

    def standardised(self, sample):
        return [(x - m) / s for x, m, s in zip(sample, self.mean, self.scale)]

    def probabilities(self, sample):
        """One a class, in the order of `classes`; they add up to 1."""
        x = self.standardised(sample)
        scores = [sum(w * v for w, v in zip(row, x)) + b for row, b in zip(self.weights, self.bias)]
        highest = max(scores)  # taken off, so that exp() cannot overflow
        powers = [math.exp(score - highest) for score in scores]
        total = sum(powers)
        return [power / total for power in powers]

    def predict(self, sample):
        probabilities = self.probabilities(sample)
        return self.classes[probabilities.index(max(probabilities))]

    def learn(self, sample, label, rate):
        """One step of gradient descent on one row. Returns the row's cross-entropy before the step."""
        probabilities = self.probabilities(sample)
        x = self.standardised(sample)
        target = self.classes.index(label)
        for k, probability in enumerate(probabilities):
            step = rate * ((k == target) - probability)
            self.bias[k] += step
            self.weights[k] = [w + step * v for w, v in zip(self.weights[k], x)]
        return -math.log(max(probabilities[target], 1e-12))

    def accuracy(self, rows):
        return sum(self.predict(sample) == label for sample, label in rows) / len(rows)


def save(classifier, about):
    """Writes model.json whole or not at all: a reader never sees half a model, nor does a crash leave one."""
    content = {**vars(classifier), "about": about}
    handle, temporary = tempfile.mkstemp(dir=FOLDER, prefix=".model.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2, allow_nan=False)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, MODEL_FILE)
    except BaseException:
        os.unlink(temporary)
        raise


def load():
    """The classifier of model.json. Raises RuntimeError, with the remedy, if there is none."""
    try:
        with open(MODEL_FILE, encoding="utf-8") as file:
            content = json.load(file)
    except FileNotFoundError:
        raise RuntimeError("there is no model.json yet: run a training first") from None
    except ValueError as error:
        raise RuntimeError(f"model.json is damaged ({error}): run a training again") from error
    try:
        names = ("features", "classes", "mean", "scale", "weights", "bias")
        classifier = Classifier(*(content[name] for name in names))
        check_shape(classifier)
        return classifier
    except (KeyError, TypeError, ValueError) as error:
        raise RuntimeError("model.json is not a model of this program: run a training again") from error


def check_shape(classifier):
    """Raises TypeError or ValueError unless all its lists are numbers of the right count."""
    features, classes = len(classifier.features), len(classifier.classes)
    rows = [classifier.mean, classifier.scale, *classifier.weights]
    sound = (
        features > 0
        and len(classifier.bias) == len(classifier.weights) == classes > 0
        and all(len(row) == features for row in rows)
        and all(is_finite(value) for row in [*rows, classifier.bias] for value in row)
        and all(classifier.scale)
    )
    if not sound:
        raise ValueError("wrong shape")
