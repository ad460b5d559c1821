"""Draws results.json as a picture: plot.py RESULTS PICTURE."""

import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

results = json.load(open(sys.argv[1], encoding="utf-8"))
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2))
for name, speeds in results["speeds"].items():
    style = {"linewidth": 2.5} if name.startswith("libclassify") else {"linewidth": 1, "linestyle": "--"}
    left.plot([int(s) for s in speeds], list(speeds.values()), marker="o", label=name, **style)
left.set(xscale="log", yscale="log", xlabel="bytes a text", ylabel="MB/s, one core", title="Against the bounds and peers")
left.legend(fontsize=7)
for name, points in results["growth"].items():
    right.plot([p[0] for p in points], [p[1] for p in points], marker="o", label=name)
right.set(xscale="log", xlabel="bytes of one text / number of texts", ylabel="MB/s, one core", title="Growth", ylim=(0, None))
right.legend(fontsize=8)
figure.tight_layout()
figure.savefig(sys.argv[2], dpi=110)
