"""Keeping the manuals: publications, work handed to the running bot, golden questions, and who must be told."""
