"""From a source to a clean, dated, attributed document, and the catalogue of them."""
