"""What Dragoman is measured with: each module is also a command over any file of its layout."""
