"""花名册之比: a province's roster into the register and out of it, beside other ways to do it."""
