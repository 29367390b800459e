"""What a place demands and what it costs, worked out from packs; pure Python that knows no Django."""
