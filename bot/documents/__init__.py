"""Finished files from structured content: each kind has a writer, and all of them work in a process of their own."""
