"""The printed papers of a case and of a bundle, filled from what is stored."""
