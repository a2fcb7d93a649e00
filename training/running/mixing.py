"""What a run learns from: each source with its weight, as the training file's mixture says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from training.painting.painter import many_nets
from training.running.config import Mixture
from training.sources.adjudicated import AdjudicatedSource
from training.sources.real import RealSource, Split
from training.sources.rendered import RenderedSource
from training.sources.repainted import RepaintedSource
from training.sources.reused import ReusedSource
from training.sources.stream import Source
from training.sources.thinned import ThinnedSource

__all__ = ["mixed"]


def mixed(
    mixture: Mixture,
    *,
    rendered: Sequence[Path],
    canvases: Sequence[Path] = (),
    real: Path | None,
    adjudicated: Sequence[Path],
) -> list[tuple[Source, float]]:
    """Open every source and give it its weight; folders of one kind share that of their kind.

    Args:
        mixture: How often each kind is drawn.
        rendered: Folders of rendered photographs.
        canvases: Folders of clean legs that another engine made.
        real: Openly licensed real photographs.
        adjudicated: Frozen sets of photographs that people have scored.

    Raises:
        TrainingRefused: A folder holds nothing to learn from.
    """
    nets = many_nets()
    sources: list[tuple[Source, float]] = [
        (ThinnedSource(RenderedSource(folder)), mixture.rendered / len(rendered)) for folder in rendered
    ]
    for folders, share in ((rendered, mixture.repainted), (canvases, mixture.canvases)):
        sources.extend(
            (ReusedSource(RepaintedSource(folder, nets=nets), times=mixture.reuse), share / len(folders))
            for folder in folders
        )
    if real is not None:
        painted = RealSource(real, split=Split.TRAIN, nets=nets)
        sources.append((ReusedSource(painted, times=mixture.reuse), mixture.real))
    sources.extend(
        (AdjudicatedSource(folder), mixture.adjudicated / len(adjudicated)) for folder in adjudicated
    )
    return sources
