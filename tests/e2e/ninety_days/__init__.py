"""The ninety days in a browser: the stage and its people, and what they do in each phase."""
