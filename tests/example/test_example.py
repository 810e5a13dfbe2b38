"""Runs the example project's programs as the node does: as processes, in a folder of their own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from subprocess import PIPE

EXAMPLE = Path(__file__).resolve().parents[2] / "resources" / "example"
PROGRESS = r"^CYBERWAVE_PROGRESS [01]\.\d\d epoch \d+/\d+ loss \d+\.\d{3}$"
SETOSA, VIRGINICA = [5.1, 3.5, 1.4, 0.2], [6.3, 3.3, 6.0, 2.5]
TIME_LIMIT = 60  # seconds; far more than any of them needs, so that only one that hangs meets it
# Not the caller's Python settings: PYTHONUNBUFFERED, for one, would hide a forgotten flush.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


class ExampleTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "project"
        shutil.copytree(EXAMPLE, self.folder, ignore=shutil.ignore_patterns("model.json", "__pycache__"))

    def command(self, program, *arguments):
        return [sys.executable, "-B", program, *arguments]

    def run_program(self, program, *arguments):
        return subprocess.run(
            self.command(program, *arguments),
            cwd=self.folder,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
        )

    def train(self, **params):
        done = self.run_program("training.py", json.dumps(params))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def assert_refused(self, done, code, *words):
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def left_behind(self):
        return sorted(set(os.listdir(self.folder)) - set(os.listdir(EXAMPLE)))


class Training(ExampleTest):
    def test_learns_what_it_has_not_seen(self):
        done = self.train(epochs=60)
        summary = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual((summary["train_rows"], summary["test_rows"]), (105, 45))
        self.assertGreaterEqual(summary["test_accuracy"], 0.9)
        self.assertEqual(json.loads((self.folder / "model.json").read_text())["about"]["epochs"], 60)

    def test_cannot_do_well_when_the_labels_mean_nothing(self):
        # If test rows leaked into the learning, shuffled labels would be "recognised" as well.
        header, *rows = (self.folder / "iris.csv").read_text().splitlines()
        labels = [row.rsplit(",", 1)[1] for row in rows]
        turned = [f"{row.rsplit(',', 1)[0]},{labels[(i * 53) % 150]}" for i, row in enumerate(rows)]
        (self.folder / "iris.csv").write_text("\n".join([header, *turned]) + "\n")
        summary = json.loads(self.train(epochs=60).stdout.splitlines()[-1])
        self.assertLess(summary["test_accuracy"], 0.7)

    def test_prints_a_line_an_epoch(self):
        *progress, _ = self.train(epochs=7).stdout.splitlines()
        self.assertEqual(len(progress), 7)
        for line in progress:
            self.assertRegex(line, PROGRESS)
        self.assertTrue(progress[-1].startswith("CYBERWAVE_PROGRESS 1.00 epoch 7/7 "), progress[-1])

    def test_prints_not_more_than_can_be_read(self):
        *progress, _ = self.train(epochs=1001).stdout.splitlines()
        self.assertLessEqual(len(progress), 200)
        self.assertIn(" epoch 1001/1001 ", progress[-1])

    def test_the_loss_falls(self):
        *progress, _ = self.train(epochs=50).stdout.splitlines()
        self.assertLess(float(progress[-1].split()[-1]), float(progress[0].split()[-1]) / 2)

    def test_the_same_seed_gives_the_same_model(self):
        first = self.train(epochs=5, seed=3).stdout
        model = (self.folder / "model.json").read_text()
        self.assertEqual(self.train(epochs=5, seed=3).stdout, first)
        self.assertEqual((self.folder / "model.json").read_text(), model)
        self.assertNotEqual(self.train(epochs=5, seed=4).stdout, first)

    def test_leaves_nothing_but_the_model(self):
        self.train(epochs=1)
        self.assertEqual(self.left_behind(), ["model.json"])

    def test_progress_comes_while_it_runs_and_a_cancelled_training_leaves_the_previous_model(self):
        (self.folder / "model.json").write_text("the previous one")
        for end in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(end.name):
                command = self.command("training.py", '{"epochs": 200, "delay_ms": 300}')
                with subprocess.Popen(command, cwd=self.folder, env=ENVIRONMENT, stdout=PIPE, stderr=PIPE) as process:
                    self.addCleanup(process.kill)
                    first = os.read(process.stdout.fileno(), 65536).decode().splitlines()
                    process.send_signal(end)
                    _, errors = process.communicate(timeout=TIME_LIMIT)
                self.assertRegex(first[0], PROGRESS)
                # A program that does not flush prints nothing for long and then more than a hundred lines at once.
                self.assertLess(len(first), 50)
                self.assertEqual((process.returncode, errors), (-end, b""))
                self.assertEqual((self.folder / "model.json").read_text(), "the previous one")
                self.assertEqual(self.left_behind(), ["model.json"])

    def test_takes_no_parameters_as_the_defaults(self):
        for arguments in ([], ["{}"]):
            done = self.run_program("training.py", *arguments)
            self.assertEqual(json.loads(done.stdout.splitlines()[-1])["epochs"], 100)

    def test_reads_the_parameters_from_a_file(self):
        (self.folder / "params.json").write_text('{"epochs": 3}')
        done = self.run_program("training.py", str(self.folder / "params.json"))
        self.assertEqual(json.loads(done.stdout.splitlines()[-1])["epochs"], 3)

    def test_notes_an_unknown_parameter_and_goes_on(self):
        done = self.train(epoch=3, workload_uuid="w")
        self.assertIn('unknown parameter "epoch" ignored', done.stderr)
        self.assertNotIn("workload_uuid", done.stderr)

    def test_refuses_wrong_parameters(self):
        for name, argument, words in (
            ("not JSON", "epochs=3", ["neither JSON nor the name of a file"]),
            ("empty", "", ["neither JSON"]),
            ("a list", "[1]", ["expected a JSON object"]),
            ("deeply nested", '{"a":' + "[" * 50_000, ["neither JSON"]),
            ("text for a number", '{"epochs": "3"}', ["epochs", "whole number", '"3"']),
            ("no epochs at all", '{"epochs": 0}', ["epochs", "from 1"]),
            ("half an epoch", '{"epochs": 1.5}', ["epochs", "whole number"]),
            ("true is not 1", '{"epochs": true}', ["epochs", "true"]),
            ("a rate of nothing", '{"learning_rate": 0}', ["learning_rate"]),
            ("not a number", '{"learning_rate": NaN}', ["NaN"]),
            ("endless", '{"learning_rate": 1e999}', ["learning_rate"]),
            ("null", '{"seed": null}', ["seed", "null"]),
            ("back in time", '{"delay_ms": -1}', ["delay_ms"]),
        ):
            with self.subTest(name):
                self.assert_refused(self.run_program("training.py", argument), 2, "training.py: ", *words)
        self.assertEqual(self.left_behind(), [])

    def test_says_that_its_data_are_missing(self):
        (self.folder / "iris.csv").unlink()
        self.assert_refused(self.run_program("training.py"), 1, "iris.csv")


class Inference(ExampleTest):
    def setUp(self):
        super().setUp()
        self.train(epochs=60)

    def ask(self, **params):
        done = self.run_program("inference.py", json.dumps(params))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)["predictions"]

    def test_names_the_flowers_in_order(self):
        answers = self.ask(samples=[VIRGINICA, SETOSA])
        self.assertEqual([answer["class"] for answer in answers], ["virginica", "setosa"])
        for answer in answers:
            self.assertEqual(set(answer["probabilities"]), {"setosa", "versicolor", "virginica"})
            self.assertAlmostEqual(sum(answer["probabilities"].values()), 1, places=5)
            self.assertEqual(max(answer["probabilities"], key=answer["probabilities"].get), answer["class"])

    def test_takes_a_single_sample(self):
        self.assertEqual(self.ask(sample=SETOSA), self.ask(samples=[SETOSA]))

    def test_reads_the_parameters_from_a_file(self):
        (self.folder / "params.json").write_text(json.dumps({"sample": SETOSA}))
        done = self.run_program("inference.py", "params.json")
        self.assertEqual(json.loads(done.stdout)["predictions"][0]["class"], "setosa")

    def test_refuses_wrong_parameters(self):
        for name, argument, words in (
            ("nothing asked", "{}", ["samples"]),
            ("asked twice", '{"sample": [1,2,3,4], "samples": [[1,2,3,4]]}', ["either"]),
            ("no samples", '{"samples": []}', ["1 to 10000"]),
            ("too many samples", json.dumps({"samples": [[1]] * 10_001}), ["1 to 10000"]),
            ("a number missing", '{"samples": [[1,2,3,4],[1,2,3]]}', ["samples[1]", "4 numbers", "petal_width"]),
            ("text in a sample", '{"sample": [1,2,3,"x"]}', ["sample, petal_width", '"x"']),
            ("negative length", '{"sample": [1,2,-3,4]}', ["petal_length"]),
            ("not JSON", "what", ["neither JSON"]),
        ):
            with self.subTest(name):
                self.assert_refused(self.run_program("inference.py", argument), 2, "inference.py: ", *words)
        self.assert_refused(self.run_program("inference.py"), 2, "expected one argument")

    def test_says_when_there_is_no_model(self):
        (self.folder / "model.json").unlink()
        ask = json.dumps({"sample": SETOSA})
        self.assert_refused(self.run_program("inference.py", ask), 1, "run a training first")
        self.assert_refused(self.run_program("inference.py", "{}"), 2, "samples")

    def test_says_when_the_model_is_damaged(self):
        model = json.loads((self.folder / "model.json").read_text())
        for name, text in (
            ("cut off", json.dumps(model)[:100]),
            ("empty", ""),
            ("something else", "[]"),
            ("a key missing", json.dumps({k: v for k, v in model.items() if k != "bias"})),
            ("a weight missing", json.dumps({**model, "weights": model["weights"][:2]})),
            ("a weight in words", json.dumps({**model, "bias": ["a", 0, 0]})),
            ("division by zero", json.dumps({**model, "scale": [1, 1, 1, 0]})),
        ):
            with self.subTest(name):
                (self.folder / "model.json").write_text(text)
                done = self.run_program("inference.py", json.dumps({"sample": SETOSA}))
                self.assert_refused(done, 1, "model.json", "run a training again")


class Install(ExampleTest):
    def install(self, **options):
        return subprocess.run(
            ["/bin/sh", "install.sh"], cwd=self.folder, capture_output=True, text=True, timeout=TIME_LIMIT, **options
        )

    def test_says_what_it_found(self):
        done = self.install()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("Python 3", done.stdout)

    def test_fails_without_python(self):
        done = self.install(env={"PATH": str(self.folder)})
        self.assertEqual(done.returncode, 1)
        self.assertIn("apt-get install python3", done.stderr)


if __name__ == "__main__":
    unittest.main()
