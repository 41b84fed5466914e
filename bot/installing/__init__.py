"""Several workspaces: installing the app by OAuth, keeping its tokens, and reaching everybody by the right one.

One Kefu Desk serves one house: its manuals, its people and its ladder, whichever of the house's workspaces somebody
writes from. So a second workspace sees what its people's roles let them see, and nothing less:

- people are told apart by their Slack id, which is unique over all workspaces (and the same in all workspaces of an
  Enterprise Grid organisation); whoever is not in the people file is an agent and sees their own matters only;
- channels, too, have ids of their own everywhere, so that manuals for some channels, channel settings, cards and
  threads of two workspaces never meet; the team's id stands with each answer, ticket and escalation all the same;
- who may install at all is listed in `SLACK_WORKSPACES`: an install page is open to the whole world, manuals are not.
  A workspace that is taken off the list is not heard any more.

Whoever must not share manuals and records with the others (another company) gets a Kefu Desk with a `KEFU_HOME` of its
own. Rows of several houses in one set of tables would put one forgotten condition between two companies' secrets.
"""
