"""Run by test_spark.py: training on a small cluster of two executors, of which one dies, while a Python worker is killed and
a slow task is tried a second time beside the first. Writes the counts to the file that is its argument."""

import json
import os
import signal
import sys
import tempfile
import time

from pyspark import TaskContext
from pyspark.sql import SparkSession

from libclassify.spark import count

# Once, and not each first attempt: what was lost is computed again as a first attempt.
FOLDER = tempfile.mkdtemp()
SLOW = 60  # seconds; the second attempt must end the stage before


def once(what):
    try:
        os.close(os.open(os.path.join(FOLDER, what), os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False


def fail(batches):
    context = TaskContext.get()
    once(f"{context.partitionId()}.{context.taskAttemptId()}")
    yield from batches
    if context.partitionId() == 1 and once("worker"):
        os.kill(os.getpid(), signal.SIGKILL)
    if context.partitionId() == 2 and once("slow"):
        time.sleep(SLOW)
    if context.partitionId() == 3 and once("executor"):
        with open(f"/proc/{os.getppid()}/stat") as file:  # the daemon of the workers, whose parent is the executor
            os.kill(int(file.read().rsplit(")", 1)[1].split()[1]), signal.SIGKILL)


def main(rows, output):
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = SparkSession.builder.master("local-cluster[2,1,1024]")
    for name, value in {
        "ui.enabled": "false",
        "executor.memory": "512m",
        "task.maxFailures": "8",
        "speculation": "true",
        "speculation.interval": "100ms",
        "speculation.multiplier": "1.1",
        "speculation.quantile": "0.1",
        "speculation.minTaskRuntime": "100ms",
    }.items():
        builder = builder.config("spark." + name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    with open(rows, encoding="utf-8") as file:
        frame = session.createDataFrame([tuple(row) for row in json.load(file)], "text string, label string, lang string")
    start = time.monotonic()
    counts = count(frame.repartition(7).mapInArrow(fail, frame.schema), language="lang")
    seconds = time.monotonic() - start
    counts.save(output)
    happened = os.listdir(FOLDER)
    attempts = {part: sum(name.startswith(f"{part}.") for name in happened) for part in range(7)}
    print(json.dumps({"seconds": seconds, "attempts": attempts, "faults": [n for n in happened if "." not in n]}))
    session.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
