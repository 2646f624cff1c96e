"""Figures worked out on the server: coordinates and the names of classes, for templates to write as SVG.

Colours are the style sheet's, so that one figure serves light and dark. The same input gives the same figure.
"""

from dragoman.web.drawing.network import Edge, Link, Network, Node, network, radius, width
from dragoman.web.drawing.scales import SCORES, level, score_class
from dragoman.web.drawing.series import Period, Series, series

__all__ = [
    "SCORES",
    "Edge",
    "Link",
    "Network",
    "Node",
    "Period",
    "Series",
    "level",
    "network",
    "radius",
    "score_class",
    "series",
    "width",
]
