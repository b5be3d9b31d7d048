"""Running programs in processes of their own: a task in, the content of the output blob out."""
