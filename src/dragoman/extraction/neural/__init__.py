"""The learned extractor: a small encoder over windows of sentences, with heads for events and their parties."""

from dragoman.extraction.neural.between import between
from dragoman.extraction.neural.extractor import NeuralExtractor
from dragoman.extraction.neural.model import Model, load

__all__ = ["Model", "NeuralExtractor", "between", "load"]
