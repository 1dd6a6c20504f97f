"""The commands of `tawthiq`, one module each or a few that belong together. `ui.cli` puts them on the command line."""
