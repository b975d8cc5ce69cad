"""Rules mode, without a language model: stages by similarity, fields by their schema, fixed replies."""
