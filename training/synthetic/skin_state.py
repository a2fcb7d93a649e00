"""The state of each point of skin, to which every layer adds before colour and light are computed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from training.synthetic.records import MottlingLook, SkinLook
from training.synthetic.skin import SkinTable

__all__ = ["SkinState"]

# Of linear sRGB; and the colour, as light as the skin, that dark skin takes on over blood without oxygen.
_LUMINANCE = (0.2126, 0.7152, 0.0722)
_GREY_BLUE = (0.96, 1.0, 1.12)


@dataclass
class SkinState:
    """Sums over all layers, at N points."""

    log_melanosomes: Tensor  # (N,)
    blood: Tensor  # (N,) superficial, 0-0.12
    amount: Tensor  # (N,) deep and dark blood: 1 is mottled skin; small on clean skin
    log_gain: Tensor  # (N, 3) what lies on the skin: pigment, crust, hair
    height_mm: Tensor  # (N,)
    gloss: Tensor  # (N,) factor

    @classmethod
    def even(cls, count: int, look: SkinLook, *, device: torch.device) -> SkinState:
        """Skin without any unevenness."""
        zero = torch.zeros(count, device=device)
        return cls(
            log_melanosomes=zero + math.log(look.melanosomes),
            blood=zero + look.blood,
            amount=zero.clone(),
            log_gain=torch.zeros(count, 3, device=device),
            height_mm=zero.clone(),
            gloss=zero + 1,
        )

    def reflectance(self, table: SkinTable, *, mottled: Tensor, look: MottlingLook) -> Tensor:
        """Linear sRGB (N, 3) with an amount of mottling (N,) added."""
        blood = self.blood + look.redness * mottled.clamp_min(0)
        colour = table.look_up(self.log_melanosomes.exp(), blood, self.amount + mottled)
        lost = look.greyness * mottled.clamp(0, 1)[:, None]
        weights, grey_blue = colour.new_tensor(_LUMINANCE), colour.new_tensor(_GREY_BLUE)
        colour = torch.lerp(colour, (colour @ weights)[:, None] * grey_blue, lost)
        return colour * self.log_gain.clamp(-2.5, 0.8).exp()
