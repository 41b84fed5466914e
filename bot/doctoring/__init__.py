"""`kefu doctor`: is everything in place that the bot needs, and if not, what to do about it.

A check is a function of the settings, registered by `@check("name")`; what it returns or raises is told in one line.
New checks go into a module of their own that `bot.doctoring.everything` imports.
"""
