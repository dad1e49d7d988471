"""What the pages about signals say: sentences, charts and tables, each true when read alone. Pure."""
