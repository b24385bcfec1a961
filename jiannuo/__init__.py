"""Jiannuo 践诺: what government promised, by when, was it kept, who can see it, and what follows if it was not."""

__version__ = "0.1.0"
