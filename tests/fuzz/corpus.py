#!/usr/bin/env python3
"""Runs a replay over every file of a corpus. Usage: corpus.py REPLAY CHANGES DIRECTORY"""

import subprocess
import sys
from pathlib import Path

replay, changes, directory = sys.argv[1:]
files = sorted(str(path) for path in Path(directory).iterdir() if path.is_file())
sys.exit(subprocess.run([replay, changes, *files], check=False).returncode if files else "the corpus is empty")
