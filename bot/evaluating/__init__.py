"""Asking a set of questions and judging the answers: one machine for `kefu eval` and the golden questions."""
