"""One Loop subdivision as a sparse matrix: four faces for one, smooth."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["loop_matrix"]


def loop_matrix(faces: NDArray[Any], count: int) -> tuple[Any, NDArray[np.int32]]:
    """Make the matrix that moves and adds vertices, and the finer faces; borders stay."""
    sides = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    opposite = np.concatenate([faces[:, 2], faces[:, 0], faces[:, 1]])
    edges, which, times = np.unique(np.sort(sides, 1), axis=0, return_inverse=True, return_counts=True)
    which = which.ravel()
    inner = times == 2
    n = len(edges)
    rows, columns = np.repeat(np.arange(n), 2), edges.ravel()
    ends = np.repeat(np.where(inner, 3 / 8, 1 / 2), 2)
    far = inner[which]
    odd = sparse.coo_matrix(
        (
            np.concatenate([ends, np.full(far.sum(), 1 / 8)]),
            (np.concatenate([rows, which[far]]), np.concatenate([columns, opposite[far]])),
        ),
        shape=(n, count),
    )
    near = sparse.coo_matrix(
        (np.ones(2 * n), (edges.ravel(), edges[:, ::-1].ravel())), shape=(count, count)
    ).tocsr()
    degree = np.maximum(np.asarray(near.sum(1)).ravel(), 1)
    beta = np.where(degree == 3, 3 / 16, 3 / (8 * degree))
    beta[np.unique(edges[~inner])] = 0.0
    even = sparse.diags(1 - beta * degree) + sparse.diags(beta) @ near
    middle = (which + count).reshape(3, -1).T
    ab, bc, ca = middle.T
    a, b, c = faces.T
    finer = np.concatenate([np.stack(t, 1) for t in ((a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca))])
    return sparse.vstack([even, odd]).tocsr().astype(np.float32), finer.astype(np.int32)
