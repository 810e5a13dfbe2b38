"""Trains the iris classifier and writes model.json.

    python3 training.py '{"epochs": 100, "learning_rate": 0.05, "seed": 1, "delay_ms": 0}'

Progress and, as the last line, a summary in JSON go to standard output.
Exit codes: 0 trained, 1 could not (the reason is on standard error), 2 bad parameters.
"""

import csv
import json
import os
import random
import signal
import time

import body
import classifier

TEST_SHARE = 0.3
PROGRESS_LINES = 200  # at most about that many, however many epochs there are


def parameters(arguments):
    given = body.read(arguments or ["{}"])
    body.note_unknown(given, ("epochs", "learning_rate", "seed", "delay_ms"))
    return {
        "epochs": body.number(given.get("epochs", 100), "epochs", 1, 100_000, whole=True),
        "learning_rate": body.number(given.get("learning_rate", 0.05), "learning_rate", 1e-6, 10),
        "seed": body.number(given.get("seed", 1), "seed", 0, 2**53, whole=True),
        # A pause after every epoch, for watching a training that would otherwise be over at once.
        "delay_ms": body.number(given.get("delay_ms", 0), "delay_ms", 0, 60_000),
    }


def read_rows():
    """The names of the features, and (sample, species) of every flower."""
    with open(os.path.join(classifier.FOLDER, "iris.csv"), encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    return header[:-1], [([float(x) for x in line[:-1]], line[-1]) for line in lines]


def split(rows, chance):
    """Rows to learn from and rows to test with: the same share of every species, drawn at random."""
    learning, testing = [], []
    for species in sorted({label for _, label in rows}):
        flowers = [row for row in rows if row[1] == species]
        chance.shuffle(flowers)
        count = round(len(flowers) * TEST_SHARE)
        testing += flowers[:count]
        learning += flowers[count:]
    return learning, testing


def train(model, rows, params, chance):
    epochs = params["epochs"]
    every = -(-epochs // PROGRESS_LINES)
    order = list(rows)
    for epoch in range(1, epochs + 1):
        chance.shuffle(order)
        loss = sum(model.learn(sample, label, params["learning_rate"]) for sample, label in order) / len(order)
        time.sleep(params["delay_ms"] / 1000)
        if epoch % every == 0 or epoch == epochs:
            # flush: output to a file is otherwise kept back until there are several kilobytes of it
            print(f"CYBERWAVE_PROGRESS {epoch / epochs:.2f} epoch {epoch}/{epochs} loss {loss:.3f}", flush=True)


def main(arguments):
    params = parameters(arguments)
    chance = random.Random(params["seed"])
    features, rows = read_rows()
    learning, testing = split(rows, chance)
    # Nothing is taken from the test rows before the last line: not even their mean.
    classes = sorted({label for _, label in learning})
    model = classifier.Classifier.for_rows(features, classes, [sample for sample, _ in learning])
    train(model, learning, params, chance)
    summary = {
        "test_accuracy": round(model.accuracy(testing), 4),
        "train_accuracy": round(model.accuracy(learning), 4),
        "test_rows": len(testing),
        "train_rows": len(learning),
        "epochs": params["epochs"],
        "learning_rate": params["learning_rate"],
        "seed": params["seed"],
    }
    classifier.save(model, summary)
    print(json.dumps({"model": "model.json", **summary}))


if __name__ == "__main__":
    # A cancelled training ends by the signal itself, as everyone can then see, and not with a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    body.run("training.py", main)
