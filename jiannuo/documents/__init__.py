"""Official documents and charts: content in, bytes out. No database, no page, no network."""
