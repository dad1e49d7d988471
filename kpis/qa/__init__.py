"""QA as arithmetic: which calls are heard, what a call scores, what the scores say, whether reviewers agree. Pure."""
