"""Words for the language model: Markdown files that people may edit who do not program.

Each begins with a small header (what it is for, which variables it uses, which reply it expects); everything
from `# System` goes to the model. `bot.assistant.prompts` renders them.
"""
