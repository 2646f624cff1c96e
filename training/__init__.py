"""How Dragoman's extractor is taught: the corpus and the tools that turn it into a model. Not part of the
package."""
