"""动作: the verbs that write; one function each, with the person who does it, checked and recorded."""
