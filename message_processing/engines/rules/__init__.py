"""What is done without a language model: stages by likeness, facts by their form, replies as the business wrote."""
