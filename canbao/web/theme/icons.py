"""The line drawings of the pages, drawn for canbao on a grid of 24."""

from __future__ import annotations

from typing import Final

# Stroke paths; a circle is written as two arcs so that one attribute holds a whole drawing.
ICONS: Final = {
    "archive": "M4 8h16v12H4z M3 4h18v4H3z M10 12h4",
    "back": "M15 5l-7 7 7 7",
    "camera": "M3 8h4l2-3h6l2 3h4v11H3z M8.5 13a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
    "chart": "M4 4v16h16 M8 16v-4 M12 16V8 M16 16v-6",
    "check": "M5 12.5l4.5 4.5L19 7",
    "clock": "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0 M12 7v5l3 2",
    "cross": "M6 6l12 12 M18 6L6 18",
    "document": "M6 3h8l4 4v14H6z M14 3v4h4 M9 12h6 M9 16h6",
    "down": "M5 9l7 7 7-7",
    "download": "M12 4v11 M7 10l5 5 5-5 M5 20h14",
    "folder": "M3 6h6l2 3h10v10H3z M3 12.5h18",
    "forward": "M9 5l7 7-7 7",
    "hand": "M8 13V6a1.5 1.5 0 0 1 3 0v5V4.5a1.5 1.5 0 0 1 3 0V11V6.5a1.5 1.5 0 0 1 "
    "3 0V14c0 4-2 7-5.5 7c-2.5 0-4-1.2-5.3-3.4L4 13.8a1.4 1.4 0 0 1 2.4-1.5L8 14.5",
    "idcard": "M3 5h18v14H3z M6.5 10.5a2 2 0 1 0 4 0a2 2 0 1 0-4 0 M5.5 16a3 3 0 0 1 6 0 "
    "M14 10h4 M14 14h4",
    "info": "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0 M12 11v6 M12 7.3v.2",
    "lock": "M6 11h12v9H6z M8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "mail": "M3 6h18v12H3z M3 7l9 6 9-6",
    "minus": "M5 12h14",
    "pen": "M4 20l1-5L16 4l4 4L9 19z",
    "people": "M5.8 8a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0 M3 20v-2a5 5 0 0 1 5-5h2"
    "a5 5 0 0 1 5 5v2 M16 5.2a3 3 0 0 1 0 5.6 M18.5 13.5a5 5 0 0 1 2.5 4.5v2",
    "phone": "M6.5 3.5l3 4.5-2 2a12 12 0 0 0 6 6l2-2 4.5 3-1 3.5C11 21.5 2.5 13 3 4.5z",
    "plus": "M12 5v14 M5 12h14",
    "printer": "M7 9V4h10v5 M7 17H4V9h16v8h-3 M7 14h10v6H7z",
    "rotate": "M19 12a7 7 0 1 1-2-5l2 2 M19 4v5h-5",
    "search": "M5 11a6 6 0 1 0 12 0a6 6 0 1 0-12 0 M15.5 15.5L20 20",
    "steps": "M5 4v16 M10 6h9 M10 12h6 M10 18h3",
    "swap": "M4 8h15l-4-4 M20 16H5l4 4",
    "text": "M2.5 18L7.5 6l5 12 M4.3 14h6.4 M14 18l3.5-8.5L21 18 M15 15.5h5",
    "upload": "M12 16V5 M7 9l5-5 5 5 M5 20h14",
    "wallet": "M3 10h18v10H3z M3 10l13-5 2 5 M7 15.5h4",
    "warning": "M12 4L2.5 20h19z M12 10v5 M12 17.3v.2",
}
