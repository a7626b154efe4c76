"""The domain: from a questionnaire to what was said, as modules in the order in which an answer travels."""
