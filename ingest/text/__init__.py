"""From a file's bytes to clean text: encodings, HTML, Markdown, front matter."""
