"""What mutated photographs do to the upload: `python -m tests.fuzz_uploads --count 10000 --seed 1`.

Each goes the way of the ward's uploads, from the guard to the shelf, in another process. One that ends it has
crashed it, one that takes longer than the limit hangs; then another process goes on over the same store.
What is stored must be the bytes that were sent, be shown as a picture and be read by a network. In the end
the whole store is verified: what was refused left nothing behind.
"""

from __future__ import annotations

import sys

from tests.fuzz_uploads.sending import main

if __name__ == "__main__":
    # A process that is spawned imports what it runs by name, which this file does not have.
    sys.exit(main(__doc__))
