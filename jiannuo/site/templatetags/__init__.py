"""Template tags of the design system, shared by portal and desk."""
