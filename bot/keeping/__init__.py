"""Keeping the manuals: publications, work handed to the running bot, golden questions, gaps, and who must be told."""
