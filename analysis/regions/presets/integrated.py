"""The `integrated` preset: as `faithful`, with contributions that add up exactly.

c_k = sum_ij A_k * (mean over s in (0, 1) of dF/dA_k at s * A), where F(s) is the logit when only this layer's
output A is replaced by s * A. Then sum_k c_k = F(1) - F(0), checked to 1 % (`analysis.regions.path`).

Exactness of the sum is not fidelity of the parts: where a block's output is linear and may be negative, as in
EfficientNet-Lite, zero lies far from anything the network has seen, and single weights tell less about what
their regions do than those of `faithful`. It costs many partial passes for each layer.
"""

from dataclasses import replace

from analysis.regions.presets.faithful import FAITHFUL

INTEGRATED = replace(FAITHFUL, weights="integrated")
