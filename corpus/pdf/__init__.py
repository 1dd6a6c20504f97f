"""From the glyphs of a PDF file to its text: a PDF says where each sign stands, not what is a line or a paragraph.

`glyphs` takes the signs out of the file, `lines` puts them into lines, `columns` puts columns one after the other,
`order` puts a line into the order in which it is read, `margins` takes running heads and page numbers out, `paragraphs`
joins lines, `title` finds one. All of it runs in a process of its own (`worker`), which a hostile file may exhaust or
crash.
"""
