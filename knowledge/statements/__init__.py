"""What a sentence of a rule says: its numbers, what it allows or demands, who acts, the words that carry content.

Word lists and readings for Chinese and English, shared by the search for conflicts and by the checks of what a
language model writes.
"""
