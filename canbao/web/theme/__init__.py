"""The theme: pieces of pages that portal, desk and office build with, and nothing of their own business."""
