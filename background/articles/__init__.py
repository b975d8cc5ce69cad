"""Articles: converts uploaded files, and computes the embeddings of passages."""
