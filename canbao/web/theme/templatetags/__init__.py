"""Template tag libraries of the theme."""
