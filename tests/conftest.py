"""One thread for each process that tests: two of them share the cores of a small machine."""

import os

# Read when numpy and torch are imported, which is after this file.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
