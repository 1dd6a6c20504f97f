"""From the parts of a Word document to its text, as Word shows it; in a process of its own."""
