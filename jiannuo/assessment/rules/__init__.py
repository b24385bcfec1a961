"""What figures are made of. Pure."""
