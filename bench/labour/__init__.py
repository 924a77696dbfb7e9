"""人岗匹配之比: a million workers and a million seats, from the frozen records to stored proposals."""
