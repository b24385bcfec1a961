"""What a developer's machine needs: the virtual environment, system packages, a throw-away PostgreSQL."""
