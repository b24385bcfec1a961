"""How rows are read, checked and given back. Pure: bytes and a pack in, rows and complaints out."""
