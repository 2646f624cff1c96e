"""Fetching: feeds, sitemaps, archives and addresses to documents, politely and within limits."""
