"""What a killed server loses, over HTTP: `python -m tests.killed --kills 500 --seed 1 --records postgresql`.

A server answers wards and readers over HTTP and is killed (SIGKILL): at a named point, such as after the
photograph and before its row, or in the middle of a commit; after a random number of steps; or at a random
moment while four people work. Or what works beside it is: a backup, an erasure, a rotation of keys, a
migration. With PostgreSQL the database is restarted, too, as after a power cut. What got no answer is asked
again of the next server. What was answered is read back after each kill; every hundred kills and in the end
the chain and every photograph are computed anew, and the last backup is restored.
"""

from __future__ import annotations

import sys

from tests.killed.command import main

if __name__ == "__main__":
    sys.exit(main(__doc__))
